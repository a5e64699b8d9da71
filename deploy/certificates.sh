#!/bin/sh
# Certificates for a Dask cluster of your own: sh deploy/certificates.sh DIR
#
# DIR gets ca.pem, cert.pem and key.pem. Scheduler, workers and `kliping … --certificates DIR` show the same one to each
# other; who has no copy of key.pem is let in nowhere. Whoever has one can run code as the cluster's user: keep it so.
set -eu
umask 077
mkdir -p "$1"
cd "$1"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=kliping cluster" \
    -addext "basicConstraints=critical,CA:TRUE" -keyout ca.key -out ca.pem 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=kliping" -keyout key.pem -out cert.csr 2>/dev/null
openssl x509 -req -in cert.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 365 -out cert.pem 2>/dev/null
rm -f ca.key ca.srl cert.csr  # nobody else is to be let in: make new ones instead
