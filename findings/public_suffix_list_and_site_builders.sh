#!/usr/bin/env bash
# tldextract 5.4.0 with its packaged list: customers of wordpress.com, Weebly and HubSpot share one "company" domain.
#
# Expected: the private part of the Public Suffix List names the hosts on which anybody can have a site, so that two
# customers of a site builder are two. Seen: wixsite.com, webflow.io, carrd.co and myshopify.com are in it, but
# wordpress.com, weebly.com, jimdosite.com, squarespace.com, webnode.cz, tumblr.com and hubspotpagebuilder.com are not:
# each builder has to enter itself.
#
# Kanal keeps a short list of such hosts beside it (kanal/kit/hosts.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tldextract==5.4.0
"$folder/venv/bin/python" - <<'PYTHON'
import tldextract

extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
listed = ("wixsite.com", "webflow.io", "carrd.co", "myshopify.com", "github.io", "blogspot.com")
missing = ("wordpress.com", "weebly.com", "jimdosite.com", "squarespace.com", "webnode.cz", "tumblr.com", "hubspotpagebuilder.com")
for host in listed + missing:
    print(host, extract(f"nordlys.{host}").suffix)
assert all(extract(f"nordlys.{host}").suffix == host for host in listed)
assert all(extract(f"nordlys.{host}").suffix != host for host in missing)
PYTHON
