"""What an image has inside: which of it a cache would hide."""
import io
import tarfile
import unittest

import agent_parts
from image import hidden_part, has_content
from record import OPTIONS

FILES = ("/app/server.py", "/srv/start", "/models/a")


class Hidden(unittest.TestCase):
    def setUp(self):
        agent_parts.replace(self, "kind_of", lambda _, path: "file" if path in FILES else "")
        agent_parts.replace(self, "has_content", lambda _, folder: any(path.startswith(f"{folder}/") for path in FILES))

    def hidden(self, cache, image, **options):
        return hidden_part(None, image, {**OPTIONS, **options, "cache": {"path": cache, "size_mb": 1} if cache else None})

    def test_what_the_container_runs(self):
        server = {"WorkingDir": "/app", "Cmd": ["python3", "server.py"]}
        start = {"Entrypoint": ["/srv/start"], "Cmd": ["--cache", "/data/x"]}
        for cache, image, hidden in (
            ("/app", server, "/app"), ("/app/cache", server, ""), ("/ap", server, ""), (None, server, ""),
            ("/srv", start, "/srv/start"), ("/data", start, ""), ("/root/.cache", {}, ""), ("/data", {"WorkingDir": "/data"}, ""),
        ):
            self.assertEqual(self.hidden(cache, image), hidden, (cache, image))

    def test_a_command_of_the_release_counts_in_place_of_the_images(self):
        image = {"Entrypoint": ["/srv/start"], "Cmd": ["/models/a"]}
        self.assertEqual(self.hidden("/models", image), "/models/a")
        self.assertEqual(self.hidden("/models", image, command=["x"]), "")
        self.assertEqual(self.hidden("/models", image, entrypoint=["x"]), "")
        self.assertEqual(self.hidden("/models", image, entrypoint=["x"], command=["--model", "/models/a"]), "/models/a")


class Content(unittest.TestCase):
    def test_an_archive_of_a_folder_begins_with_the_folder(self):
        for names, has in ((["app/"], False), (["app/", "app/server.py"], True)):
            file = io.BytesIO()
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for name in names:
                    about = tarfile.TarInfo(name)
                    about.type, about.pax_headers = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE, {"SCHILY.xattr.user.a": "b"}
                    tar.addfile(about)
            answer = io.BytesIO(file.getvalue())
            answer.status = 200
            agent_parts.replace(self, "opened", lambda *_, answer=answer, **__: answer)
            self.assertEqual(has_content(Url(), "/app"), has)


class Url:
    def url(self, path):
        return path


if __name__ == "__main__":
    unittest.main()
