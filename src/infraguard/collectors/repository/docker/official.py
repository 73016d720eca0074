"""The images that Docker keeps itself: any other short name is one that somebody gave on their machine."""

from __future__ import annotations

from typing import Final

#: As Docker Hub lists them (https://hub.docker.com/u/library), by what they hold.
_SYSTEMS: Final = """
    scratch alpine busybox debian ubuntu fedora centos rockylinux almalinux oraclelinux amazonlinux archlinux
    opensuse photon clearlinux mageia sl alt buildpack-deps bash neurodebian cirros hello-world
"""
_LANGUAGES: Final = """
    python pypy hylang node golang rust ruby jruby php perl rakudo-star openjdk java eclipse-temurin
    amazoncorretto ibmjava ibm-semeru-runtimes sapmachine elixir erlang haskell julia r-base swift mono gcc
    clojure groovy dart maven gradle composer sbt iojs django rails
"""
_SERVERS: Final = """
    nginx httpd caddy traefik haproxy tomcat tomee jetty varnish unit kong nats nats-streaming rabbitmq
    eclipse-mosquitto emqx zookeeper kafka registry docker vault consul telegraf chronograf kapacitor swarm
    liberty websphere-liberty open-liberty payara geonetwork znc hitch
"""
_DATABASES: Final = """
    postgres mysql mariadb percona mongo mongo-express redis valkey memcached cassandra couchdb couchbase neo4j
    orientdb arangodb rethinkdb crate influxdb clickhouse elasticsearch kibana logstash solr flink spark
    storm monetdb aerospike adminer phpmyadmin postfixadmin
"""
_PRODUCTS: Final = """
    wordpress drupal joomla nextcloud odoo sonarqube ghost gitea mediawiki matomo redmine rocket.chat mautic
    backdrop plone xwiki yourls friendica monica lightstreamer eggdrop irssi teamspeak silverpeas convertigo
    bonita flyway liquibase nuxeo sentry jenkins owncloud spiped thrift gazebo ros notary satosa tika
"""
OFFICIAL: Final = frozenset(
    name for group in (_SYSTEMS, _LANGUAGES, _SERVERS, _DATABASES, _PRODUCTS) for name in group.split()
)
