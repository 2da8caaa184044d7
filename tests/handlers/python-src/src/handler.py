from src.shop.orders import Orders

orders = Orders()


def main(event, context):
    return orders.receive(event)


handler = main
