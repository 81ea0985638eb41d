"""The stores of the protocol as SQL over a cursor: one statement where one will do, no ORM, no session, no request.

The models own the tables; the same classes run on any cursor of psycopg2.
"""
