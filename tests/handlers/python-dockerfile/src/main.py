import os


def first(event, context):
    return None


def second(event, context):
    return f"{os.environ['GREETING']} {event['name']}"
