"""A GPU falls off the bus: the driver reports Xid 79 and does not reach it again (NVIDIA, XID Errors).

An application may answer its health path all the same.
"""

from emulator.weather.condition import Condition, seconds


class GpuLost(Condition):
    name = "gpu-lost"
    summary = "a GPU of an instance falls off the bus, and no container notices"
    takes = "the age at which an instance with GPUs loses one"
    default = "60s"

    def parse(self, text):
        return seconds(text)


CONDITION = GpuLost()
