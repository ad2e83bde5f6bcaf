"""The lock by which the region handles one request at a time.

moto's threaded server changes plain dictionaries without a lock: two PutObject calls with If-None-Match could both
succeed, which cannot happen on S3. Python runs one thread at a time anyway, so the lock costs nothing.
"""

import threading

CONTROL_PLANE = threading.RLock()
