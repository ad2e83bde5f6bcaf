"""One request at a time.

moto's models are plain dictionaries that its threaded server changes without a lock: two PutObject calls with
If-None-Match could both win, which on S3 cannot happen. Python runs one thread at a time anyway, so this costs nothing.
"""

import threading

CONTROL_PLANE = threading.RLock()
