FLUSH PRIVILEGES;
DELETE FROM mysql.global_priv WHERE user = '' OR (user = 'root' AND host <> 'localhost');
FLUSH PRIVILEGES;
ALTER USER root@localhost IDENTIFIED VIA mysql_native_password USING '$hash';
CREATE USER root@'%' IDENTIFIED VIA mysql_native_password USING '$hash';
GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
CREATE USER haproxy@'192.0.2.%';
