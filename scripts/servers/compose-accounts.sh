#!/bin/sh
# The accounts of compose.yaml's MySQL. The server's image runs it when it makes the database; for a database that was
# made without the account of orders, or to change a password:
#   docker compose exec mysql sh /docker-entrypoint-initdb.d/accounts.sh
#
# `msp` owns the tables and is the migrate job's; a restore loads a backup beside them. `msp_run` is given its rights, table by table, by that job.
set -e
MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --user=root --protocol=socket <<SQL
CREATE USER IF NOT EXISTS 'msp'@'%';
ALTER USER 'msp'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';
GRANT ALL ON msp.* TO 'msp'@'%' WITH GRANT OPTION;
GRANT ALL ON msp_restoring.* TO 'msp'@'%';
GRANT ALL ON msp_replaced.* TO 'msp'@'%';
CREATE USER IF NOT EXISTS 'msp_run'@'%';
ALTER USER 'msp_run'@'%' IDENTIFIED BY '$MYSQL_RUN_PASSWORD';
SQL
