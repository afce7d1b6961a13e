from shop import serve

serve()
