class Orders:
    def __init__(self):
        self.seen = []

    def receive(self, event):
        self.seen.append(event)
        return {"received": len(self.seen), "name": event.get("name")}
