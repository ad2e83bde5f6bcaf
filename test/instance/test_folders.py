"""Where a container may write, whose the folders are, and what an image has inside."""
import io
import os
import pathlib
import stat
import tarfile
import tempfile
import unittest

import agent_parts
from folders import check_cache, empty_large_cache, give, give_cache, plan_folders
from image import find_user
from problem import Problem
from record import OPTIONS

ACCOUNTS = "root:x:0:0:root:/root:/bin/sh\napp.node:x:1002:7::/srv:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n"


def passwd(text):
    file, about = io.BytesIO(), tarfile.TarInfo("passwd")
    about.size = len(text)
    with tarfile.open(fileobj=file, mode="w") as tar:
        tar.addfile(about, io.BytesIO(text.encode()))
    return file.getvalue()


def inside(home="/root", is_small=True, kinds=(), variables=()):
    return {"user": 0, "group": 0, "home": home, "is_small": is_small, "variables": dict(variables), "kinds": dict(kinds), "hidden": ""}


class Plans(unittest.TestCase):
    def plan(self, found, env=(), **options):
        return plan_folders({"env": dict(env), "options": {**OPTIONS, **options}}, [], found)

    def test_a_home_folder_with_little_in_it_can_be_written_with_what_is_in_it(self):
        caches = {"HOME": "/root", "XDG_CACHE_HOME": "/root/.cache", "HF_HOME": "/root/.cache/huggingface"}
        self.assertEqual(self.plan(inside()), (caches, ["/root"]))

    def test_a_user_without_a_home_folder_gets_one(self):
        for home in ("", "/", "/nonexistent"):
            variables, volumes = self.plan(inside(home))
            self.assertEqual((variables["HOME"], volumes), ("/home/infer-deploy", ["/home/infer-deploy"]), home)

    def test_a_model_in_the_image_is_still_found(self):
        found = inside(is_small=False, kinds={"/root/.cache": "folder", "/root/.cache/huggingface": "folder"})
        self.assertEqual(self.plan(found), ({}, []))

    def test_an_application_in_its_home_folder_is_not_copied(self):
        variables, volumes = self.plan(inside("/home/app", is_small=False))
        self.assertEqual(variables, {"XDG_CACHE_HOME": "/home/infer-deploy/.cache", "HF_HOME": "/home/infer-deploy/.cache/huggingface"})
        self.assertEqual(volumes, ["/home/infer-deploy"])

    def test_what_the_image_or_env_sets_stays(self):
        variables, volumes = self.plan(inside(variables={"HF_HOME": "/models"}), env={"HOME": "/data", "XDG_CACHE_HOME": "/data/c"})
        self.assertEqual((variables, volumes), ({}, []))

    def test_the_cache_gets_the_caches(self):
        variables, volumes = self.plan(inside(), cache={"path": "/cache", "size_mb": 1})
        self.assertEqual((variables["XDG_CACHE_HOME"], variables["HF_HOME"], volumes), ("/cache", "/cache/huggingface", ["/root"]))

    def test_a_home_folder_below_a_writable_one_needs_no_other(self):
        self.assertEqual(self.plan(inside("/home/app"), writable=["/home"])[1], ["/home"])

    def test_a_file_of_the_image_is_no_folder(self):
        for options, key in (({"cache": {"path": "/a", "size_mb": 1}}, "container.cache.path"), ({"writable": ["/a"]}, "container.writable")):
            with self.assertRaisesRegex(Problem, f"{key} has /a, which is a file in the image") as raised:
                check_cache({**OPTIONS, **options}, inside(kinds={"/a": "file"}))
            self.assertTrue(raised.exception.definite)
            check_cache({**OPTIONS, **options}, inside(kinds={"/a": "folder"}))

    def test_a_cache_over_what_the_container_runs(self):
        with self.assertRaisesRegex(Problem, "container.cache.path has /app, where the cache would hide the image's own /app/server.py") as raised:
            check_cache({**OPTIONS, "cache": {"path": "/app", "size_mb": 1}}, {**inside(), "hidden": "/app/server.py"})
        self.assertTrue(raised.exception.definite)


class Users(unittest.TestCase):
    def test_numbers_and_home_folders(self):
        for spec, expected in (
            ("", (0, 0, "/root")), ("0", (0, 0, "/root")), ("65532:65532", (65532, 65532, "")), ("node", (1000, 1000, "/home/node")),
            ("1000", (1000, 1000, "/home/node")), ("app.node:staff", (1002, 7, "/srv")), ("node:5", (1000, 5, "/home/node")),
        ):
            self.assertEqual(find_user(passwd(ACCOUNTS), spec), expected, spec)
        self.assertEqual(find_user(b"", "1000"), (1000, 0, ""))

    def test_a_user_that_the_image_does_not_have(self):
        for user, archive in (("app", passwd("app2:x:1:1::/:/bin/sh\n")), ("a.p", passwd("app:x:1:1::/:/bin/sh\n")), ("app", b"")):
            with self.assertRaisesRegex(Problem, "is not in its /etc/passwd"):
                find_user(archive, user)


class Owners(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "own").mkdir()
        (self.folder / "own" / "file").write_text("x" * 5000)
        os.chown(self.folder / "own" / "file", 77, 77)

    def owners(self):
        return [os.stat(self.folder / path).st_uid for path in (".", "own", "own/file")]

    def test_a_user_gets_what_was_roots(self):
        give(self.folder, 1000, 1000, is_new=True, others=(0,))
        self.assertEqual(self.owners(), [1000, 1000, 77])

    def test_a_cache_changes_hands_with_the_user_only(self):
        agent_parts.replace(self, "CACHE_FOLDER", str(self.folder))
        agent_parts.replace(self, "cache_files", lambda: str(self.folder / "own"))
        for user, kept, expected in ((1000, 77, [1000, 1000]), (1000, 77, [1000, 77]), (0, 77, [0, 0]), (0, 77, [0, 77])):
            give_cache(user, user)
            self.assertEqual(self.owners()[1:], expected)
            # As a root that steps down would leave it.
            os.chown(self.folder / "own" / "file", kept, kept)

    def test_root_may_step_down_where_the_image_had_nothing(self):
        give(self.folder, 0, 0, is_new=False, others=(0,))
        self.assertEqual(stat.S_IMODE(os.stat(self.folder).st_mode), 0o700)
        give(self.folder, 0, 0, is_new=True, others=(0,))
        self.assertEqual((self.owners(), stat.S_IMODE(os.stat(self.folder).st_mode)), ([0, 0, 77], 0o1777))

    def test_a_cache_that_has_grown_too_large_is_emptied(self):
        agent_parts.replace(self, "CACHE_FOLDER", str(self.folder))
        agent_parts.replace(self, "cache_files", lambda: str(self.folder / "own"))
        empty_large_cache({"path": "/cache", "size_mb": 1})
        self.assertTrue((self.folder / "own" / "file").exists())
        empty_large_cache({"path": "/cache", "size_mb": 0})
        self.assertFalse((self.folder / "own").exists())


if __name__ == "__main__":
    unittest.main()
