#!/bin/sh
# Makes a TEST root and the certificate of a firm below it, for trying digital signatures in a demo.
# make-test-root.sh TAX_CODE NAME FOLDER
set -eu
[ $# -eq 3 ] || { echo "make-test-root.sh TAX_CODE NAME FOLDER" >&2; exit 2; }
mkdir -p "$3"; cd "$3"
cat > settings <<EOF
[req]
distinguished_name=dn
[dn]
[root]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
[firm]
basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature,nonRepudiation
EOF
openssl req -x509 -utf8 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 365 -sha256 \
  -config settings -extensions root -subj "/C=VN/O=KHÔNG CÓ GIÁ TRỊ PHÁP LÝ/CN=ROOT THỬ NGHIỆM"
openssl req -utf8 -newkey rsa:2048 -nodes -keyout firm.key -out firm.csr -config settings -subj "/C=VN/CN=$2/UID=MST:$1"
openssl x509 -req -in firm.csr -CA root.pem -CAkey root.key -CAcreateserial -days 365 -sha256 \
  -extfile settings -extensions firm -out firm.pem
rm -f firm.csr settings root.srl
