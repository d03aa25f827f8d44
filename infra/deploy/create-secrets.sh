#!/bin/sh
# infra/deploy/create-secrets.sh [folder]
# Makes the secrets of docker-compose.system.yml, where there are none yet. Keep the encryption key elsewhere too: who loses
# it loses every stored secret.
set -eu
folder=${1:-.local/secrets}
mkdir -p "$folder"
# Compose shows the files to containers with the rights that they have here, and their users are not this one: so whoever is
# not root is kept out at the folder.
chmod 700 "$folder"
umask 022
[ -e "$folder/encryption-key" ] || head -c 32 /dev/urandom | base64 > "$folder/encryption-key"
[ -e "$folder/postgres-password" ] || head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$folder/postgres-password"
printf 'postgres://ccluster:%s@postgres:5432/ccluster\n' "$(cat "$folder/postgres-password")" > "$folder/database-url"
