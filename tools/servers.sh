# Sourced with a scratch folder: start_servers and stop_servers for a private PostgreSQL and Redis on free ports.
# SERVERS_PG_OPTIONS replaces "-c fsync=off", which is for tests only.
# Not for: production. Everything lies in the scratch folder; only processes started here are stopped.
scratch=$1
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

start_servers() {
  bash tools/system_package.sh redis-server redis-server
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || bash tools/system_package.sh no-such-command postgresql
  pg_bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  pg_port=$(free_port); redis_port=$(free_port)
  mkdir -p "$scratch/pg"; chmod 755 "$scratch"
  if [ "$(id -u)" = 0 ]; then chown postgres "$scratch/pg"; fi
  as_postgres "$pg_bin/initdb" -D "$scratch/pg/data" -U gocua --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
  as_postgres "$pg_bin/pg_ctl" -D "$scratch/pg/data" -l "$scratch/pg/log" -w \
    -o "-p $pg_port -k $scratch/pg -c listen_addresses=127.0.0.1 -c max_connections=100 ${SERVERS_PG_OPTIONS--c fsync=off}" start >/dev/null
  as_postgres "$pg_bin/createdb" -h 127.0.0.1 -p "$pg_port" -U gocua gocua
  redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$scratch" --save "" --appendonly no --daemonize no >"$scratch/redis.log" 2>&1 &
  redis_pid=$!
  for _ in $(seq 50); do redis-cli -p "$redis_port" ping >/dev/null 2>&1 && break; read -rt 0.1 <> <(:) || true; done
  SERVERS_DATABASE_URL="postgres://gocua@127.0.0.1:$pg_port/gocua"
  SERVERS_REDIS_URL="redis://127.0.0.1:$redis_port"
}

stop_servers() {
  [ -n "${redis_pid:-}" ] && kill "$redis_pid" 2>/dev/null || true
  [ -n "${pg_bin:-}" ] && as_postgres "$pg_bin/pg_ctl" -D "$scratch/pg/data" -m immediate stop >/dev/null 2>&1 || true
}
