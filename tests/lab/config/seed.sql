-- what a control plane's databases have to hold for a dump to be worth reading
CREATE DATABASE keystone DEFAULT CHARACTER SET utf8;
CREATE DATABASE nova DEFAULT CHARACTER SET utf8;
CREATE DATABASE neutron DEFAULT CHARACTER SET utf8;
CREATE DATABASE glance DEFAULT CHARACTER SET utf8mb4;

USE keystone;
CREATE TABLE project (id varchar(64) PRIMARY KEY, name varchar(64) NOT NULL UNIQUE, enabled tinyint(1) NOT NULL DEFAULT 1) ENGINE=InnoDB;
INSERT INTO project SELECT md5(seq), concat('project-', seq), seq % 7 > 0 FROM seq_1_to_100;
CREATE TABLE `user` (id varchar(64) PRIMARY KEY, project_id varchar(64), extra text, FOREIGN KEY (project_id) REFERENCES project (id)) ENGINE=InnoDB;
INSERT INTO `user` SELECT sha1(seq), md5(1 + seq % 100), concat('{"email": "user', seq, '@example.com", "note": "it''s \\\\ here"}') FROM seq_1_to_300;
CREATE TABLE token (id varchar(64) PRIMARY KEY, expires datetime NOT NULL, valid tinyint(1) NOT NULL) ENGINE=InnoDB;
INSERT INTO token SELECT sha1(concat('token', seq)), '2017-01-01' + INTERVAL seq MINUTE, seq % 2 FROM seq_1_to_200;
CREATE EVENT flush_tokens ON SCHEDULE EVERY 1 DAY COMMENT 'removes what has expired' DO DELETE FROM token WHERE expires < now() AND valid = 0;

USE nova;
CREATE TABLE instances (id int AUTO_INCREMENT PRIMARY KEY, uuid varchar(36) NOT NULL, display_name varchar(255), host varchar(255), vm_state varchar(255), deleted int NOT NULL DEFAULT 0) ENGINE=InnoDB;
INSERT INTO instances (uuid, display_name, host, vm_state, deleted) SELECT uuid(), concat('server ', seq), concat('overcloud-compute-', seq % 2), 'active', if(seq % 5 = 0, seq, 0) FROM seq_1_to_250;
CREATE TABLE instance_actions (id int AUTO_INCREMENT PRIMARY KEY, instance_uuid varchar(36), action varchar(255), made datetime) ENGINE=InnoDB;
CREATE VIEW running_instances AS SELECT uuid, display_name, host FROM instances WHERE deleted = 0 AND vm_state = 'active';
DELIMITER $$
CREATE TRIGGER note_state AFTER UPDATE ON instances FOR EACH ROW
BEGIN
  IF NEW.vm_state <> OLD.vm_state THEN
    INSERT INTO instance_actions (instance_uuid, action, made) VALUES (NEW.uuid, concat(OLD.vm_state, ' -> ', NEW.vm_state), now());
  END IF;
END$$
CREATE PROCEDURE archive_deleted(IN most int)
BEGIN
  DELETE FROM instances WHERE deleted > 0 LIMIT most;
END$$
DELIMITER ;
UPDATE instances SET vm_state = 'stopped' WHERE id < 40;

USE neutron;
CREATE TABLE ports (id varchar(36) PRIMARY KEY, mac_address varchar(32) NOT NULL, status varchar(16) NOT NULL, extra blob) ENGINE=InnoDB;
INSERT INTO ports SELECT uuid(), concat('fa:16:3e:00:', lpad(hex(seq DIV 256), 2, '0'), ':', lpad(hex(seq % 256), 2, '0')), 'ACTIVE', unhex(sha1(seq)) FROM seq_1_to_150;

USE glance;
CREATE TABLE images (id varchar(36) PRIMARY KEY, name varchar(255) CHARACTER SET utf8mb4, size bigint, checksum varchar(32)) ENGINE=InnoDB;
INSERT INTO images VALUES (uuid(), '東京の画像 🗼', 13287936, md5('tokyo')), (uuid(), 'rhel "7.3" guest; it''s 100 % ours', 582484992, NULL);

CREATE USER keystone@'%' IDENTIFIED BY 'keystone#1', nova@'%' IDENTIFIED BY 'nova''2', neutron@'%' IDENTIFIED BY 'neutron\\3', glance@'%' IDENTIFIED BY 'glance"4', glance@'192.0.2.10' IDENTIFIED BY 'glance"4';
GRANT ALL ON keystone.* TO keystone@'%';
GRANT ALL ON nova.* TO nova@'%' WITH GRANT OPTION;
GRANT ALL ON neutron.* TO neutron@'%';
GRANT SELECT (id, name), INSERT, UPDATE, DELETE ON glance.images TO glance@'%';
GRANT ALL ON glance.* TO glance@'192.0.2.10';
