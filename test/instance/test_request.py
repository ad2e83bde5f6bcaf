"""What an error answer says."""
import unittest

import agent_parts
from request import error_of


class Errors(unittest.TestCase):
    def test_json_error(self):
        body = b'{"__type": "com.amazonaws#AccessDeniedException", "Message": "no"}'
        self.assertEqual(error_of(body), ("AccessDeniedException", "no"))

    def test_xml_error(self):
        body = b"<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"
        self.assertEqual(error_of(body), ("NoSuchKey", "gone"))

    def test_neither(self):
        self.assertEqual(error_of(b"Bad Gateway"), ("", "Bad Gateway"))


if __name__ == "__main__":
    unittest.main()
