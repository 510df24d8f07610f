"""Read by gunicorn wherever it is started from this folder: `gunicorn cja_portal.wsgi`."""

# The most that gunicorn can be told to read of an address. Our own boxes cut what people type long
# before; a longer address is refused by gunicorn itself, before any page of ours could answer.
limit_request_line = 8190

# Should anybody switch the access log on: the path alone, for queries say what people look for.
# Neither their address nor the page they came from, whose address holds the query too.
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
