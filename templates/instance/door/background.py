"""Work that waits for others, in separate threads: a service that does not answer must not hold up the rest."""
import threading
import time


def repeat(work, seconds):
    """Does the work again and again until the process ends, with a pause. An error is printed, and does not end it."""
    def loop():
        last = ""
        while True:
            try:
                work()
                last = ""
            except Exception as error:
                if str(error) != last:
                    print(f"{type(error).__name__}: {error}", flush=True)
                last = str(error)
            time.sleep(seconds)

    threading.Thread(target=loop, daemon=True).start()
