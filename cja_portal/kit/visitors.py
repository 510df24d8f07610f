"""Telling one visitor from another for a moment, and never by anything that is kept."""

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOME_NETWORK = 64  # bits that one home or phone has to itself in IPv6


def network_of(request):
    """Where the request comes from: an IPv4 address, or the network of an IPv6 one."""
    address = ip_address(get_adapter(request).get_client_ip(request))
    return str(
        ip_network((address, HOME_NETWORK), strict=False) if address.version == 6 else address
    )


def may_go_on(request, action, *, most, seconds):
    """Whether this address did `action` fewer than `most` times in that time; this time counts."""
    return is_within(action, network_of(request), most=most, seconds=seconds)


def is_within(action, whose, *, most, seconds):
    """The same for anything that can be told apart, such as an e-mail address.

    The count is shared by all processes, and holds when many requests come at once: each takes a
    place that `add` gives to one alone.
    """
    key = salted_hmac(f"visitors {action}", whose, algorithm="sha256").hexdigest()
    return any(cache.add(f"{action}:{key}:{place}", 1, seconds) for place in range(most))
