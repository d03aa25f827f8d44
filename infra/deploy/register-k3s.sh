#!/bin/sh
# CCLUSTER_KEY=cck_… infra/deploy/register-k3s.sh local-east
# Grants ccluster what it needs in a cluster of docker-compose.system.yml, registers it there, and adds a small instance type.
# Run where that file is; the key is an OPERATOR's. Tokens and keys go by pipes alone, where no list of processes shows them.
set -eu
cluster=$1
compose() { docker compose -f docker-compose.system.yml --profile clusters "$@"; }
token() { compose exec -T "$cluster" kubectl -n ccluster-jobs create token "ccluster-$1" --duration 8760h; }

compose exec -T api node print-cluster-manifest.mjs --namespace ccluster-jobs |
  compose exec -T "$cluster" kubectl apply -f -
{
  printf '%s\n' "$CCLUSTER_KEY"
  token dispatcher
  token watcher
  compose exec -T "$cluster" cat /var/lib/rancher/k3s/server/tls/server-ca.crt
} | compose exec -T api node --input-type=module -e "$(cat infra/deploy/register-k3s.mjs)" "$cluster"
