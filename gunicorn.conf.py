"""Read by gunicorn wherever it is started from this folder: `gunicorn cja_portal.wsgi`."""

# Should anybody switch the access log on: the path alone, for queries say what people look for.
# Neither their address nor the page they came from, whose address holds the query too.
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
