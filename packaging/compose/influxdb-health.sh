# Whether InfluxDB answers, lets its reader in, and has the database: what a dashboard needs.
# The password goes by the environment of this one process: arguments can be read by every user of the machine.
INFLUX_USERNAME=grafana INFLUX_PASSWORD=$(cat /run/secrets/influx-grafana-password) || exit 1
export INFLUX_USERNAME INFLUX_PASSWORD
found=$(influx -host localhost -execute 'SHOW DATABASES' 2>&1) || { echo "$found"; exit 1; }
case "
$found
" in
*'
wardwatch
'*) ;;
*) echo "no database wardwatch that user grafana may read: see the log of influxdb-users"; exit 1 ;;
esac
