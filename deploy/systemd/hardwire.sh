#!/bin/sh
# The command for the hub that runs as a service: it knows the service's data folder and configuration file.
# Installed as /usr/local/bin/hardwire and called as the service's user: sudo -u hardwire hardwire device list
export HARDWIRE_DATA="${HARDWIRE_DATA:-/var/lib/hardwire}"
export HARDWIRE_CONFIG="${HARDWIRE_CONFIG:-/etc/hardwire/hardwire.toml}"
exec /opt/hardwire/.venv/bin/hardwire "$@"
