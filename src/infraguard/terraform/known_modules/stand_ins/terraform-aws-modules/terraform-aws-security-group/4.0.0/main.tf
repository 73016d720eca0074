# The group and who it lets in, as the arguments make them. Rules that have a name have the ports of what they are for.

variable "create" {
  default = true
}

variable "create_sg" {
  default = true
}

variable "security_group_id" {
  default = ""
}

variable "name" {
  default = null
}

variable "use_name_prefix" {
  default = true
}

variable "vpc_id" {
  default = null
}

variable "tags" {
  default = {}
}

variable "ingress_rules" {
  default = []
}

variable "ingress_cidr_blocks" {
  default = []
}

variable "ingress_ipv6_cidr_blocks" {
  default = []
}

variable "ingress_prefix_list_ids" {
  default = []
}

variable "ingress_with_cidr_blocks" {
  default = []
}

variable "ingress_with_ipv6_cidr_blocks" {
  default = []
}

variable "ingress_with_source_security_group_id" {
  default = []
}

variable "ingress_with_self" {
  default = []
}

variable "computed_ingress_rules" {
  default = []
}

variable "computed_ingress_with_cidr_blocks" {
  default = []
}

variable "computed_ingress_with_ipv6_cidr_blocks" {
  default = []
}

variable "computed_ingress_with_source_security_group_id" {
  default = []
}

variable "computed_ingress_with_self" {
  default = []
}

variable "number_of_computed_ingress_rules" {
  default = 0
}

variable "number_of_computed_ingress_with_cidr_blocks" {
  default = 0
}

variable "number_of_computed_ingress_with_ipv6_cidr_blocks" {
  default = 0
}

variable "number_of_computed_ingress_with_source_security_group_id" {
  default = 0
}

variable "number_of_computed_ingress_with_self" {
  default = 0
}

locals {
  create   = var.create && var.create_sg
  group_id = local.create ? try(aws_security_group.this_name_prefix[0].id, aws_security_group.this[0].id) : var.security_group_id

  ports = {
    "activemq-5671-tcp"                  = { from = 5671, to = 5671, protocol = "tcp" }
    "activemq-61614-tcp"                 = { from = 61614, to = 61614, protocol = "tcp" }
    "activemq-61617-tcp"                 = { from = 61617, to = 61617, protocol = "tcp" }
    "activemq-61619-tcp"                 = { from = 61619, to = 61619, protocol = "tcp" }
    "activemq-8883-tcp"                  = { from = 8883, to = 8883, protocol = "tcp" }
    "alertmanager-9093-tcp"              = { from = 9093, to = 9093, protocol = "tcp" }
    "alertmanager-9094-tcp"              = { from = 9094, to = 9094, protocol = "tcp" }
    "all-all"                            = { from = -1, to = -1, protocol = "-1" }
    "all-icmp"                           = { from = -1, to = -1, protocol = "icmp" }
    "all-ipv6-icmp"                      = { from = -1, to = -1, protocol = "58" }
    "all-tcp"                            = { from = 0, to = 65535, protocol = "tcp" }
    "all-udp"                            = { from = 0, to = 65535, protocol = "udp" }
    "carbon-admin-tcp"                   = { from = 2004, to = 2004, protocol = "tcp" }
    "carbon-gui-udp"                     = { from = 8081, to = 8081, protocol = "tcp" }
    "carbon-line-in-tcp"                 = { from = 2003, to = 2003, protocol = "tcp" }
    "carbon-line-in-udp"                 = { from = 2003, to = 2003, protocol = "udp" }
    "carbon-pickle-tcp"                  = { from = 2013, to = 2013, protocol = "tcp" }
    "carbon-pickle-udp"                  = { from = 2013, to = 2013, protocol = "udp" }
    "cassandra-clients-tcp"              = { from = 9042, to = 9042, protocol = "tcp" }
    "cassandra-jmx-tcp"                  = { from = 7199, to = 7199, protocol = "tcp" }
    "cassandra-thrift-clients-tcp"       = { from = 9160, to = 9160, protocol = "tcp" }
    "consul-dns-tcp"                     = { from = 8600, to = 8600, protocol = "tcp" }
    "consul-dns-udp"                     = { from = 8600, to = 8600, protocol = "udp" }
    "consul-grpc-tcp"                    = { from = 8502, to = 8502, protocol = "tcp" }
    "consul-grpc-tcp-tls"                = { from = 8503, to = 8503, protocol = "tcp" }
    "consul-serf-lan-tcp"                = { from = 8301, to = 8301, protocol = "tcp" }
    "consul-serf-lan-udp"                = { from = 8301, to = 8301, protocol = "udp" }
    "consul-serf-wan-tcp"                = { from = 8302, to = 8302, protocol = "tcp" }
    "consul-serf-wan-udp"                = { from = 8302, to = 8302, protocol = "udp" }
    "consul-tcp"                         = { from = 8300, to = 8300, protocol = "tcp" }
    "consul-webui-http-tcp"              = { from = 8500, to = 8500, protocol = "tcp" }
    "consul-webui-https-tcp"             = { from = 8501, to = 8501, protocol = "tcp" }
    "dax-cluster-encrypted-tcp"          = { from = 9111, to = 9111, protocol = "tcp" }
    "dax-cluster-unencrypted-tcp"        = { from = 8111, to = 8111, protocol = "tcp" }
    "dns-tcp"                            = { from = 53, to = 53, protocol = "tcp" }
    "dns-udp"                            = { from = 53, to = 53, protocol = "udp" }
    "docker-swarm-mngmt-tcp"             = { from = 2377, to = 2377, protocol = "tcp" }
    "docker-swarm-node-tcp"              = { from = 7946, to = 7946, protocol = "tcp" }
    "docker-swarm-node-udp"              = { from = 7946, to = 7946, protocol = "udp" }
    "docker-swarm-overlay-udp"           = { from = 4789, to = 4789, protocol = "udp" }
    "elasticsearch-java-tcp"             = { from = 9300, to = 9300, protocol = "tcp" }
    "elasticsearch-rest-tcp"             = { from = 9200, to = 9200, protocol = "tcp" }
    "etcd-client-tcp"                    = { from = 2379, to = 2379, protocol = "tcp" }
    "etcd-peer-tcp"                      = { from = 2380, to = 2380, protocol = "tcp" }
    "grafana-tcp"                        = { from = 3000, to = 3000, protocol = "tcp" }
    "graphite-2003-tcp"                  = { from = 2003, to = 2003, protocol = "tcp" }
    "graphite-2004-tcp"                  = { from = 2004, to = 2004, protocol = "tcp" }
    "graphite-2023-tcp"                  = { from = 2023, to = 2023, protocol = "tcp" }
    "graphite-2024-tcp"                  = { from = 2024, to = 2024, protocol = "tcp" }
    "graphite-8080-tcp"                  = { from = 8080, to = 8080, protocol = "tcp" }
    "graphite-8125-tcp"                  = { from = 8125, to = 8125, protocol = "tcp" }
    "graphite-8125-udp"                  = { from = 8125, to = 8125, protocol = "udp" }
    "graphite-8126-tcp"                  = { from = 8126, to = 8126, protocol = "tcp" }
    "graphite-webui"                     = { from = 80, to = 80, protocol = "tcp" }
    "http-80-tcp"                        = { from = 80, to = 80, protocol = "tcp" }
    "http-8080-tcp"                      = { from = 8080, to = 8080, protocol = "tcp" }
    "https-443-tcp"                      = { from = 443, to = 443, protocol = "tcp" }
    "https-8443-tcp"                     = { from = 8443, to = 8443, protocol = "tcp" }
    "ipsec-4500-udp"                     = { from = 4500, to = 4500, protocol = "udp" }
    "ipsec-500-udp"                      = { from = 500, to = 500, protocol = "udp" }
    "kafka-broker-sasl-iam-public-tcp"   = { from = 9198, to = 9198, protocol = "tcp" }
    "kafka-broker-sasl-iam-tcp"          = { from = 9098, to = 9098, protocol = "tcp" }
    "kafka-broker-sasl-scram-public-tcp" = { from = 9196, to = 9196, protocol = "tcp" }
    "kafka-broker-sasl-scram-tcp"        = { from = 9096, to = 9096, protocol = "tcp" }
    "kafka-broker-tcp"                   = { from = 9092, to = 9092, protocol = "tcp" }
    "kafka-broker-tls-public-tcp"        = { from = 9194, to = 9194, protocol = "tcp" }
    "kafka-broker-tls-tcp"               = { from = 9094, to = 9094, protocol = "tcp" }
    "kafka-jmx-exporter-tcp"             = { from = 11001, to = 11001, protocol = "tcp" }
    "kafka-node-exporter-tcp"            = { from = 11002, to = 11002, protocol = "tcp" }
    "kibana-tcp"                         = { from = 5601, to = 5601, protocol = "tcp" }
    "kubernetes-api-tcp"                 = { from = 6443, to = 6443, protocol = "tcp" }
    "ldap-tcp"                           = { from = 389, to = 389, protocol = "tcp" }
    "ldaps-tcp"                          = { from = 636, to = 636, protocol = "tcp" }
    "logstash-tcp"                       = { from = 5044, to = 5044, protocol = "tcp" }
    "loki-grafana"                       = { from = 3100, to = 3100, protocol = "tcp" }
    "loki-grafana-grpc"                  = { from = 9095, to = 9095, protocol = "tcp" }
    "memcached-tcp"                      = { from = 11211, to = 11211, protocol = "tcp" }
    "minio-tcp"                          = { from = 9000, to = 9000, protocol = "tcp" }
    "mongodb-27017-tcp"                  = { from = 27017, to = 27017, protocol = "tcp" }
    "mongodb-27018-tcp"                  = { from = 27018, to = 27018, protocol = "tcp" }
    "mongodb-27019-tcp"                  = { from = 27019, to = 27019, protocol = "tcp" }
    "mssql-analytics-tcp"                = { from = 2383, to = 2383, protocol = "tcp" }
    "mssql-broker-tcp"                   = { from = 4022, to = 4022, protocol = "tcp" }
    "mssql-tcp"                          = { from = 1433, to = 1433, protocol = "tcp" }
    "mssql-udp"                          = { from = 1434, to = 1434, protocol = "udp" }
    "mysql-tcp"                          = { from = 3306, to = 3306, protocol = "tcp" }
    "nfs-tcp"                            = { from = 2049, to = 2049, protocol = "tcp" }
    "nomad-http-tcp"                     = { from = 4646, to = 4646, protocol = "tcp" }
    "nomad-rpc-tcp"                      = { from = 4647, to = 4647, protocol = "tcp" }
    "nomad-serf-tcp"                     = { from = 4648, to = 4648, protocol = "tcp" }
    "nomad-serf-udp"                     = { from = 4648, to = 4648, protocol = "udp" }
    "ntp-udp"                            = { from = 123, to = 123, protocol = "udp" }
    "octopus-tentacle-tcp"               = { from = 10933, to = 10933, protocol = "tcp" }
    "openvpn-https-tcp"                  = { from = 443, to = 443, protocol = "tcp" }
    "openvpn-tcp"                        = { from = 943, to = 943, protocol = "tcp" }
    "openvpn-udp"                        = { from = 1194, to = 1194, protocol = "udp" }
    "oracle-db-tcp"                      = { from = 1521, to = 1521, protocol = "tcp" }
    "postgresql-tcp"                     = { from = 5432, to = 5432, protocol = "tcp" }
    "prometheus-http-tcp"                = { from = 9090, to = 9090, protocol = "tcp" }
    "prometheus-node-exporter-http-tcp"  = { from = 9100, to = 9100, protocol = "tcp" }
    "prometheus-pushgateway-http-tcp"    = { from = 9091, to = 9091, protocol = "tcp" }
    "promtail-http"                      = { from = 9080, to = 9080, protocol = "tcp" }
    "puppet-tcp"                         = { from = 8140, to = 8140, protocol = "tcp" }
    "puppetdb-tcp"                       = { from = 8081, to = 8081, protocol = "tcp" }
    "rabbitmq-15672-tcp"                 = { from = 15672, to = 15672, protocol = "tcp" }
    "rabbitmq-25672-tcp"                 = { from = 25672, to = 25672, protocol = "tcp" }
    "rabbitmq-4369-tcp"                  = { from = 4369, to = 4369, protocol = "tcp" }
    "rabbitmq-5671-tcp"                  = { from = 5671, to = 5671, protocol = "tcp" }
    "rabbitmq-5672-tcp"                  = { from = 5672, to = 5672, protocol = "tcp" }
    "rdp-tcp"                            = { from = 3389, to = 3389, protocol = "tcp" }
    "rdp-udp"                            = { from = 3389, to = 3389, protocol = "udp" }
    "redis-tcp"                          = { from = 6379, to = 6379, protocol = "tcp" }
    "redshift-tcp"                       = { from = 5439, to = 5439, protocol = "tcp" }
    "saltstack-tcp"                      = { from = 4505, to = 4506, protocol = "tcp" }
    "smtp-submission-2587-tcp"           = { from = 2587, to = 2587, protocol = "tcp" }
    "smtp-submission-587-tcp"            = { from = 587, to = 587, protocol = "tcp" }
    "smtp-tcp"                           = { from = 25, to = 25, protocol = "tcp" }
    "smtps-2456-tcp"                     = { from = 2465, to = 2465, protocol = "tcp" }
    "smtps-465-tcp"                      = { from = 465, to = 465, protocol = "tcp" }
    "solr-tcp"                           = { from = 8983, to = 8987, protocol = "tcp" }
    "splunk-hec-tcp"                     = { from = 8088, to = 8088, protocol = "tcp" }
    "splunk-indexer-tcp"                 = { from = 9997, to = 9997, protocol = "tcp" }
    "splunk-splunkd-tcp"                 = { from = 8089, to = 8089, protocol = "tcp" }
    "splunk-web-tcp"                     = { from = 8000, to = 8000, protocol = "tcp" }
    "squid-proxy-tcp"                    = { from = 3128, to = 3128, protocol = "tcp" }
    "ssh-tcp"                            = { from = 22, to = 22, protocol = "tcp" }
    "storm-nimbus-tcp"                   = { from = 6627, to = 6627, protocol = "tcp" }
    "storm-supervisor-tcp"               = { from = 6700, to = 6703, protocol = "tcp" }
    "storm-ui-tcp"                       = { from = 8080, to = 8080, protocol = "tcp" }
    "vault-tcp"                          = { from = 8200, to = 8200, protocol = "tcp" }
    "wazuh-dashboard"                    = { from = 443, to = 443, protocol = "tcp" }
    "wazuh-indexer-restful-api"          = { from = 9200, to = 9200, protocol = "tcp" }
    "wazuh-server-agent-cluster-daemon"  = { from = 1516, to = 1516, protocol = "tcp" }
    "wazuh-server-agent-connection-tcp"  = { from = 1514, to = 1514, protocol = "tcp" }
    "wazuh-server-agent-connection-udp"  = { from = 1514, to = 1514, protocol = "udp" }
    "wazuh-server-agent-enrollment"      = { from = 1515, to = 1515, protocol = "tcp" }
    "wazuh-server-restful-api"           = { from = 55000, to = 55000, protocol = "tcp" }
    "wazuh-server-syslog-collector-tcp"  = { from = 514, to = 514, protocol = "tcp" }
    "wazuh-server-syslog-collector-udp"  = { from = 514, to = 514, protocol = "udp" }
    "web-jmx-tcp"                        = { from = 1099, to = 1099, protocol = "tcp" }
    "winrm-http-tcp"                     = { from = 5985, to = 5985, protocol = "tcp" }
    "winrm-https-tcp"                    = { from = 5986, to = 5986, protocol = "tcp" }
    "zabbix-agent"                       = { from = 10050, to = 10050, protocol = "tcp" }
    "zabbix-proxy"                       = { from = 10051, to = 10051, protocol = "tcp" }
    "zabbix-server"                      = { from = 10051, to = 10051, protocol = "tcp" }
    "zipkin-admin-query-tcp"             = { from = 9901, to = 9901, protocol = "tcp" }
    "zipkin-admin-tcp"                   = { from = 9990, to = 9990, protocol = "tcp" }
    "zipkin-admin-web-tcp"               = { from = 9991, to = 9991, protocol = "tcp" }
    "zipkin-query-tcp"                   = { from = 9411, to = 9411, protocol = "tcp" }
    "zipkin-web-tcp"                     = { from = 8080, to = 8080, protocol = "tcp" }
    "zookeeper-2181-tcp"                 = { from = 2181, to = 2181, protocol = "tcp" }
    "zookeeper-2182-tls-tcp"             = { from = 2182, to = 2182, protocol = "tcp" }
    "zookeeper-2888-tcp"                 = { from = 2888, to = 2888, protocol = "tcp" }
    "zookeeper-3888-tcp"                 = { from = 3888, to = 3888, protocol = "tcp" }
    "zookeeper-jmx-tcp"                  = { from = 7199, to = 7199, protocol = "tcp" }
  }
}

resource "aws_security_group" "this" {
  count = local.create && !var.use_name_prefix ? 1 : 0

  name   = var.name
  vpc_id = var.vpc_id
  tags   = merge({ Name = var.name }, var.tags)
}

resource "aws_security_group" "this_name_prefix" {
  count = local.create && var.use_name_prefix ? 1 : 0

  name_prefix = "${var.name}-"
  vpc_id      = var.vpc_id
  tags        = merge({ Name = var.name }, var.tags)
}

resource "aws_security_group_rule" "ingress_rules" {
  count = var.create ? length(var.ingress_rules) : 0

  security_group_id = local.group_id
  type              = "ingress"
  cidr_blocks       = var.ingress_cidr_blocks
  ipv6_cidr_blocks  = var.ingress_ipv6_cidr_blocks
  prefix_list_ids   = var.ingress_prefix_list_ids
  from_port         = local.ports[var.ingress_rules[count.index]].from
  to_port           = local.ports[var.ingress_rules[count.index]].to
  protocol          = local.ports[var.ingress_rules[count.index]].protocol
}

resource "aws_security_group_rule" "ingress_with_cidr_blocks" {
  count = var.create ? length(var.ingress_with_cidr_blocks) : 0

  security_group_id = local.group_id
  type              = "ingress"
  cidr_blocks       = compact(split(",", try(var.ingress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.ingress_cidr_blocks))))
  from_port         = try(var.ingress_with_cidr_blocks[count.index].from_port, local.ports[var.ingress_with_cidr_blocks[count.index].rule].from)
  to_port           = try(var.ingress_with_cidr_blocks[count.index].to_port, local.ports[var.ingress_with_cidr_blocks[count.index].rule].to)
  protocol          = try(var.ingress_with_cidr_blocks[count.index].protocol, local.ports[var.ingress_with_cidr_blocks[count.index].rule].protocol)
}

resource "aws_security_group_rule" "ingress_with_ipv6_cidr_blocks" {
  count = var.create ? length(var.ingress_with_ipv6_cidr_blocks) : 0

  security_group_id = local.group_id
  type              = "ingress"
  ipv6_cidr_blocks  = compact(split(",", try(var.ingress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.ingress_ipv6_cidr_blocks))))
  from_port         = try(var.ingress_with_ipv6_cidr_blocks[count.index].from_port, local.ports[var.ingress_with_ipv6_cidr_blocks[count.index].rule].from)
  to_port           = try(var.ingress_with_ipv6_cidr_blocks[count.index].to_port, local.ports[var.ingress_with_ipv6_cidr_blocks[count.index].rule].to)
  protocol          = try(var.ingress_with_ipv6_cidr_blocks[count.index].protocol, local.ports[var.ingress_with_ipv6_cidr_blocks[count.index].rule].protocol)
}

resource "aws_security_group_rule" "ingress_with_source_security_group_id" {
  count = var.create ? length(var.ingress_with_source_security_group_id) : 0

  security_group_id        = local.group_id
  type                     = "ingress"
  source_security_group_id = var.ingress_with_source_security_group_id[count.index].source_security_group_id
  from_port                = try(var.ingress_with_source_security_group_id[count.index].from_port, local.ports[var.ingress_with_source_security_group_id[count.index].rule].from)
  to_port                  = try(var.ingress_with_source_security_group_id[count.index].to_port, local.ports[var.ingress_with_source_security_group_id[count.index].rule].to)
  protocol                 = try(var.ingress_with_source_security_group_id[count.index].protocol, local.ports[var.ingress_with_source_security_group_id[count.index].rule].protocol)
}

resource "aws_security_group_rule" "ingress_with_self" {
  count = var.create ? length(var.ingress_with_self) : 0

  security_group_id = local.group_id
  type              = "ingress"
  self              = try(var.ingress_with_self[count.index].self, true)
  from_port         = try(var.ingress_with_self[count.index].from_port, local.ports[var.ingress_with_self[count.index].rule].from)
  to_port           = try(var.ingress_with_self[count.index].to_port, local.ports[var.ingress_with_self[count.index].rule].to)
  protocol          = try(var.ingress_with_self[count.index].protocol, local.ports[var.ingress_with_self[count.index].rule].protocol)
}

resource "aws_security_group_rule" "computed_ingress_rules" {
  count = var.create ? var.number_of_computed_ingress_rules : 0

  security_group_id = local.group_id
  type              = "ingress"
  cidr_blocks       = var.ingress_cidr_blocks
  ipv6_cidr_blocks  = var.ingress_ipv6_cidr_blocks
  prefix_list_ids   = var.ingress_prefix_list_ids
  from_port         = local.ports[var.computed_ingress_rules[count.index]].from
  to_port           = local.ports[var.computed_ingress_rules[count.index]].to
  protocol          = local.ports[var.computed_ingress_rules[count.index]].protocol
}

resource "aws_security_group_rule" "computed_ingress_with_cidr_blocks" {
  count = var.create ? var.number_of_computed_ingress_with_cidr_blocks : 0

  security_group_id = local.group_id
  type              = "ingress"
  cidr_blocks       = compact(split(",", try(var.computed_ingress_with_cidr_blocks[count.index].cidr_blocks, join(",", var.ingress_cidr_blocks))))
  from_port         = try(var.computed_ingress_with_cidr_blocks[count.index].from_port, local.ports[var.computed_ingress_with_cidr_blocks[count.index].rule].from)
  to_port           = try(var.computed_ingress_with_cidr_blocks[count.index].to_port, local.ports[var.computed_ingress_with_cidr_blocks[count.index].rule].to)
  protocol          = try(var.computed_ingress_with_cidr_blocks[count.index].protocol, local.ports[var.computed_ingress_with_cidr_blocks[count.index].rule].protocol)
}

resource "aws_security_group_rule" "computed_ingress_with_ipv6_cidr_blocks" {
  count = var.create ? var.number_of_computed_ingress_with_ipv6_cidr_blocks : 0

  security_group_id = local.group_id
  type              = "ingress"
  ipv6_cidr_blocks  = compact(split(",", try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].ipv6_cidr_blocks, join(",", var.ingress_ipv6_cidr_blocks))))
  from_port         = try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].from_port, local.ports[var.computed_ingress_with_ipv6_cidr_blocks[count.index].rule].from)
  to_port           = try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].to_port, local.ports[var.computed_ingress_with_ipv6_cidr_blocks[count.index].rule].to)
  protocol          = try(var.computed_ingress_with_ipv6_cidr_blocks[count.index].protocol, local.ports[var.computed_ingress_with_ipv6_cidr_blocks[count.index].rule].protocol)
}

resource "aws_security_group_rule" "computed_ingress_with_source_security_group_id" {
  count = var.create ? var.number_of_computed_ingress_with_source_security_group_id : 0

  security_group_id        = local.group_id
  type                     = "ingress"
  source_security_group_id = var.computed_ingress_with_source_security_group_id[count.index].source_security_group_id
  from_port                = try(var.computed_ingress_with_source_security_group_id[count.index].from_port, local.ports[var.computed_ingress_with_source_security_group_id[count.index].rule].from)
  to_port                  = try(var.computed_ingress_with_source_security_group_id[count.index].to_port, local.ports[var.computed_ingress_with_source_security_group_id[count.index].rule].to)
  protocol                 = try(var.computed_ingress_with_source_security_group_id[count.index].protocol, local.ports[var.computed_ingress_with_source_security_group_id[count.index].rule].protocol)
}

resource "aws_security_group_rule" "computed_ingress_with_self" {
  count = var.create ? var.number_of_computed_ingress_with_self : 0

  security_group_id = local.group_id
  type              = "ingress"
  self              = try(var.computed_ingress_with_self[count.index].self, true)
  from_port         = try(var.computed_ingress_with_self[count.index].from_port, local.ports[var.computed_ingress_with_self[count.index].rule].from)
  to_port           = try(var.computed_ingress_with_self[count.index].to_port, local.ports[var.computed_ingress_with_self[count.index].rule].to)
  protocol          = try(var.computed_ingress_with_self[count.index].protocol, local.ports[var.computed_ingress_with_self[count.index].rule].protocol)
}

output "security_group_id" {
  value = local.group_id
}

output "security_group_arn" {
  value = try(aws_security_group.this_name_prefix[0].arn, aws_security_group.this[0].arn, null)
}

output "security_group_name" {
  value = try(aws_security_group.this_name_prefix[0].name, aws_security_group.this[0].name, null)
}

output "security_group_vpc_id" {
  value = var.vpc_id
}
