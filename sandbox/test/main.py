"""Runs every test twice: it must pass with the extension and fail on plain moto."""

import io
import sys
import unittest

import region


def main(names):
    with_extension = run(names, region.extension)
    bare = [test for test in with_extension.passed if not region.is_in_moto_too(test)]
    print(f"{len(bare)} tests again on plain moto, where each must fail", flush=True)
    # Without names, unittest would find all tests.
    needless = [test.id() for test in run([test.id() for test in bare], region.plain_moto, quiet=True).passed] if bare else []
    for test in needless:
        print(f"NEEDLESS {test}: it passes on plain moto. Remove the patch, or mark the test also_in_moto")
    failed = with_extension.testsRun - len(with_extension.passed) + len(needless)
    print(f"{len(with_extension.passed) - len(needless)} passed, {failed} failed")
    return 1 if failed or not with_extension.passed else 0


class Result(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.passed = []

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed.append(test)


def run(names, server, quiet=False):
    loader = unittest.defaultTestLoader
    suite = loader.loadTestsFromNames(names) if names else loader.discover("/tests")
    stream = io.StringIO() if quiet else sys.stdout
    with server():
        return unittest.TextTestRunner(stream=stream, verbosity=1, resultclass=Result).run(suite)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
