from emulator import settings  # noqa: F401, I001 (before moto, which reads its environment when it is imported)
from emulator.server import serve

serve()
