import os

from markupsafe import escape


def respond(event, _context):
    with open(os.path.join(os.path.dirname(__file__), "greeting.txt"), encoding="utf-8") as file:
        greeting = file.read().strip()
    name = event.get("name", "world")
    return {"body": f"<p>{greeting} {escape(name)}</p>"}
