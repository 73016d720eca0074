"""Reads a repository's files and the result files of its tools. Nothing is executed or imported.

Kinds of the source `repo`, with their attributes. An attribute that a file does not state is absent; one that cannot be
told without running something is unknown, with its reason.

| kind | id | attributes |
|---|---|---|
| `repository` | `.` | `name`, `files` (how many), `serves_web` (a service that may answer over HTTP), `is_service`, `is_library`, `is_infrastructure` (one at most; stated in infraguard.toml, or told from applications that the Python makes and servers that containers start), `deploys`, `databases`, `frameworks`, `languages`, `domains` (what classes, tables and modules are about, such as `invoices`), `handles_money`, `makes_reports` (unknown where the code of the service is not read), `uses_sqlalchemy`, `uses_redis`, `caches_in_redis` (and not tasks only), `uses_memcached`, `has_python`, `has_python_tests`, `has_terraform`, `has_dockerfile`, `has_compose`, `has_workflows`, `has_alembic`, `has_django_migrations`, `has_javascript` |
| `workflow` | path | `name`, `triggers` (event to its filters, each a list, `_` for `-`; `schedule` is a list of cron lines), `permissions`, `env`, `concurrency`, `defaults` |
| `workflow_job` | path`#`job | `workflow`, `events` (of the workflow), `outputs`, `job_id`, `name`, `needs` (list), `if`, `runs_on` (labels over the matrix), `matrix` (one item a run), `python_versions` (texts), `environment` (name), `permissions`, `token_permissions` (its own, else those of the workflow), `env`, `continue_on_error`, `uses`, `calls` (the workflow of this repository that is meant by its full name), `with`, `secrets`, `services`, `container`, `timeout_minutes`, `concurrency`, `defaults` |
| `workflow_step` | path`#`job`/`label | `workflow`, `job`, `job_environment` (name), `events` (of the workflow), `index` (from 0), `id`, `name`, `uses`, `with`, `run`, `shell`, `working_directory`, `env` (its own), `variables` (with those of job and workflow), `if`, `continue_on_error`, `outcome_is_asked` (by another step of the job), `timeout_minutes`, `commands` (list of `words`, `line` in the script, `ignored`), `programs` |
| `test_command` | step`/`runner | `workflow`, `job`, `step`, `index`, `if`, `runner` (`pytest`, `unittest`, `coverage`, or what hides the tests: `tox`, `make`, ...), `command`, `working_directory`, `via` (scripts and Makefile lines that lead to it), `ignored_failure`, `runs_on_changes` (whether pushes to branches or pull requests run it), `measures_coverage`, `no_cov`, `fail_under` (flag only), `effective_fail_under` and `effective_precision` (what it compares by; absent when it compares nothing), `least_passing` (the least coverage before rounding that passes), `prepared` (which of `checkout`, `python`, `dependencies` come before), `python_versions` (of its job), `omitted_percent` (of the application, which `omit` leaves out of coverage), `action`, `pushes` (`every branch`, `main branch`, `some branches`, `never`), `pull_requests` (`every`, `to the main branch`, `some`, `never`), `schedule_days` (between two starts) |
| `action_step` | path`#`label | as `workflow_step`, of an action of the repository: `action` (path), `index`, `inputs` (defaults), `id`, `name`, `uses`, `with`, `run`, `shell`, `working_directory`, `env`, `variables`, `if`, `continue_on_error`, `timeout_minutes`, `commands`, `programs` |
| `tool_run` | step`/`tool | `workflow`, `job`, `step`, `action`, `index`, `if`, `tool` (`black`, `ruff`, `ruff-format`, `mypy`, `bandit`, `codeql`, ...; unknown for what hides one), `command`, `via`, `working_directory`, `checks_only`, `ignored_failure`, `enforced` (another run of it in the workflow stops), `strict` (mypy), `sorts_imports` (ruff), `sorts_by_option` (whatever the settings of a folder say), `starts_on`, `runs_on_changes`, `pushes`, `pull_requests`, `schedule_days` |
| `image_build` | step`/image` | `workflow`, `job`, `step`, `action`, `index`, `if`, `by`, `pushes`, `context`, `hands_on_digest`, `starts_on`, `runs_on_changes`, `pull_requests`, `schedule_days` |
| `deployment` | path`#`job, with the caller before a called one | `workflow`, `job`, `stage`, `every_environment` (of those that an earlier job found, all at once), `environment_name`, `by`, `starts_on` (what starts it, in words), `pushes`, `approval`, `only_by_hand`, `rolls_back`, `canary`, `blue_green`, `checks_health`, `by_digest`, `builds`, `after_build`, `repeats` (the steps of one before it, for another environment that is chosen by hand), `takes_archive` (what an earlier job uploaded, and no image), `after_staging`, `after_integration_tests`, `migrates` (`before`, `together`, `after`, `never`), `ignored_failure` |
| `infrastructure_deployment` | as `deployment` | as `deployment`: a job that applies infrastructure in a workflow that is called a deployment, where nothing here releases an application |
| `task_run` | job | `workflow`, `job`, `reads_outcome` (of the task of ECS that it starts); what a deployment starts is told of that |
| `infrastructure_run` | step | `workflow`, `job`, `step`, `action`, `index`, `if`, `commands` (of Terraform, OpenTofu and Terragrunt, as they run), `environment_name` (that the job waits for, its own or that of a job before it which only asks), `ignored_failure`, `starts_on`, `runs_on_changes`, `pushes`, `pull_requests`, `schedule_days` |
| `infrastructure_job` | job | `workflow`, `commands` (of all its steps that run Terraform, OpenTofu or Terragrunt), `applied` (those that apply), `environment_name` (that it waits for) |
| `cloud_login` | step or holder`/env` | `static`, `how` |
| `dockerfile_stage` | path`#`name or index | `dockerfile`, `index` (from 0), `name`, `is_last`, `base`, `base_resolved`, `base_stage`, `image`, `tag`, `digest`, `platform`, `user`, `workdir`, `env`, `expose`, `cmd`, `entrypoint`, `stopsignal`, `healthcheck` (`disabled`, `command`, `interval_seconds`, `timeout_seconds`, `start_period_seconds`, `start_interval_seconds`, `retries`), `instructions` (list of `instruction`, `value`, `line`, `end_line`, `flags`, `heredocs`) |
| `container_image` | Dockerfile's path | `dockerfile`, `purpose` (`service`, `database` for one that a database or a broker starts in, or `other` for development and tests), `stages` (how many), `takes_from_stages`, `base`, `base_tag`, `base_digest`, `base_is_slim`, `base_is_pinned`, `builds_something`, `build_tools`, `user` (`root`, a number or a name), `is_function` (Lambda runs it), `starts_nothing` (who runs it says what), `program` (the Python file that it starts), `serves` (whether what it starts answers requests), `migrates_at_start` (whether it migrates the schema before that), `only_migrates` (whether that is all), `healthcheck` (that of the stage, with `program`, `path` and `works`), `secret_variables`, `secret_arguments`, `secret_files`, `ignores_env` (where everything is copied) |
| `compose_service` | path`#`name | `file`, `name`, `builds`, `image`, `tag`, `engine` (`postgresql`, `mysql`, `mariadb`, `mongodb`, `redis`), `engine_version`, `data_path`, `data_volume` (of databases: `named`, `bind`, `anonymous`, `undeclared`, `none`), `environment`, `env_file`, `depends_on`, `ports`, `has_healthcheck`, `literal_secrets`, `only_migrates` (whether its command does nothing else) |
| `production_service` | path`#`name | as `compose_service`, of files that are named for production or staging |
| `named_service` | path`#`name | as `compose_service`, of other files that Compose takes only when it is told to, such as those for tests |
| `compose_project` | path | `file`, `services`, `database`, `database_version`, `cache`, `cache_version`, `api`, `api_has_database_url`, `api_depends_on`, `api_waits_for_both` |
| `python_project` | folder | `path`, `name`, `requires_python`, `coverage_fail_under`, `coverage_fail_under_source` (file:line), `coverage_precision`, `coverage_branch`, `coverage_config_file`, `pytest_addopts` (words), `pytest_cov_fail_under`, `pytest_config_file` |
| `python_part` | folder | `name`, `ruff_sorts` (what the settings of ruff for it say of imports, where it has some); there where several projects have code of their own. A `test_command` and a `tool_run` then have `parts`, the names of those that they are for |
| `prometheus_rule` | path`#`group`/`name | `group`, `alert` or `record`, `expr`, `metrics`, `comparison` (`left`, `operator`, `value`), `for_seconds`, `labels`, `annotations` |
| `test_database` | path; manage.py`#`settings | `software`, `in_memory` (whether the file names SQLite in memory), `parts` (the part that the file is in), `framework` (`django`, whose settings give it) |
| `restore_test` | workflow | `is_scheduled`, `is_monthly`, `validates` (whether a later step looks at what was restored) |
| `web_application` | path | `name`, `framework`: what answers requests, in Python. A `metric`, `log_setup`, `request_id`, `log_masking` and `tracing_setup` then have `applications`, the names of those with which they run (unknown where modules are imported by names that only a run tells) |
| `metric` | path`#metric/`name | `name`, `type` (`counter`, `gauge`, `histogram`), `labels`, `library`, `is_of_endpoints` where a label says so; those of libraries that instrument a framework have the names that come of them |
| `log_setup` | path`#log/`library | `library`, `format` (`json`, `text`), `has_level` |
| `request_id` | path`#request-id/`part | `part`: `bind` (the id is taken up), `log` (it gets into lines), `both`; `by`: `request` (it is kept there), `contextvars` (lines take what is in the context) |
| `log_masking` | path`#masking/`name | `name`, `used_here`, `masks` (`personal data`, `secrets`) |
| `log_event` | path`#event/`category | `category`: `authentication`, `authorization`, `financial`, `error`, `slow`; the first of each in a module, and the first in a line for debugging, of which `is_seen` is unknown |
| `tracing_setup` | path`#tracing/`library | `library`, `traces` |
| `hsts_setting` | path`#hsts` | `max_age` (seconds), `software` (`python`, `proxy`, `code`) |
| `session_store` | path`#session` | `store` (`redis`, `cookie`, `database`, `memory`, `disk`, ...) |
| `web_module` | path | `handlers` (how many), `keeps` (names of collections of the module that they change), `writes_files` (lines, and those of functions elsewhere that uploads are handed to) |
| `process_state` | path`#`name | `name`, `in_memory` (of one process: counts of a limiter, and collections that a module, a middleware or a class of which there is one changes, by names for what the next request asks) |
| `startup_migration` | path`#migrates/`function | `runs` (true, or unknown where a setting decides) |
| `database_engine` | path`#engine/`name | `pool` (`queue`, `persistent`, `none`), `tls` (a mode of libpq), `role` (`primary`, `replica`), `is_sqlite`, `is_single` (one connection, by a driver), `is_script` (opened by a program that ends) |
| `load_test` | path | `tool` (`locust`, `k6`, `artillery`, `jmeter`, `gatling`) |
| `connection_pooler` | path | `software` |
| `report_output`, `report_cache`, `scheduled_job` | path`#`what | `format` (`csv`, `pdf`); `store` (`redis`, `memory`); `for_reports` |
| `secret_source` | path`#secrets` | `store` (`secretsmanager`, `vault`, `injected`, `code`, ...; unknown for the environment) |
| `sqlalchemy_model` | path`#`class | `orm` (`sqlalchemy`, `table`, `django`), `name`, `table`, `partition_by`, `is_audit`, `append_only_by` (`trigger`, `privilege`), `is_migrated`, `unmigrated` (columns, primary keys, indexes and NOT NULL that no migration makes; not told where migrations work them out), `checks` |
| `schema_script` | path | `tables` of a script of SQL that is no migration |
| `sql_column` | path`#`table.column | `table`, `name`, `type`, `is_money` |
| `sqlalchemy_column` | path`#`class.column | `model`, `table`, `name`, `type`, `type_name`, `is_money`, `foreign_key`, `names_table`, `is_indexed`, `queried_as`, `is_never_negative`, `is_checked`, `is_audit` |
| `mapped_table` | path`#`class | `table`: a model of SQLAlchemy for a table that a model of Django here makes |
| `alembic_migration` | path | `revision`, `down_revisions`, `is_merge`, `is_first`, `created_at`, `upgrade_operations`, `downgrade_operations`, `is_reversible`, `unrunnable`, `hazards` (list of `what`, `table`, `line`), `hazard` |
| `django_migration` | path | `is_first`, `created_at`, `is_reversible`, `one_way` (operations that Django cannot take back), `makes` (models) |
| `alembic_chain` | folder | `revisions`, `heads`, `head_count`, `missing`, `duplicates`, `has_branches` |
| `migration_test`, `migration_preview` | path | `goes_down`; `runs_in_workflow` |
| `schema_creation` | path`#`function | `call` (of `create_all`) |
| `tls_setting` | path`#`where | `software` (`nginx`, `haproxy`, `traefik`, `python`), `minimum_version` (1.0 to 1.3; 0.0 for SSL), `protocols`, `role` (`server`, `client`, `unknown`) |
| `document_section` | path`#`headings | `file`, `heading`, `about` (topics of its headings, the document's title and its path), `mentions` (topics of its text), `undoes_migration`, `words`, `commands` (lines of code, and code within lines), `whole_words`, `whole_commands`, `whole_steps` (numbered) and `whole_ways_back` (of a migration), with what stands under its sub-headings, `diagrams` (drawn as text, or pictures that are there), `broken_links`, `rto_minutes`, `rpo_minutes` |
| `recovery_plan` | first path | `files` (documents about disasters and those that they link to), `covers` and `misses` (`failover`, `restore`, `redeployment`, `dns`, `communication`), `words`, `rto_minutes`, `rpo_minutes` |
| `literal_secret` | path`#`name | `file`, `line`, `what` (`private key`, `AWS access key`, `secret under its name`, ...), `name`, `masked` (its first letters, four at most), `supplies` (whether the file gives running programs their variables) |
| `git_history` | `.git` | `texts` (how many were read), `lacks` (objects that the clone lacks); there with `--history` only |
| `history_secret` | commit`:`path`#`name`@`line | `commit` (the first that has it), `file`, `line`, `what`, `name`, `masked`: what the files of today no longer show |
| `secret_protection` | `.` | `ignores_env`, `ignores_keys`, `ignores_state` (what .gitignore keeps out), `secret_files` (files of secrets that it does not), `scanners` (programs that look for secrets in what is committed) |
| `checklist` | path | `is_there`, `points` (ids) |
| `checklist_point` | list`/`id | `list`, `point`, `gate`, `confirmed_by`, `confirmed_on`, `evidence`; `verdict` of the gate is added when it is judged |
| `secret_supply` | `.` | `filled_by` (where programs get secrets from: `AWS Secrets Manager`, `secrets of GitHub`, ...), `literals` (places that give programs a secret in plain text), `read_in` (a file that reads secrets) |
| `script_command` | path`#`service and verb | `command` (of the AWS command line, without its options, in a shell script, that makes something) |
| `progressive_rollout` | path`#`line | `canary` (the shares of traffic, in their order), `blue_green`, `checks_health` |
| `environment_secrets` | as `deployment` | `environment`, `github_environment` (whether the job has one), `secrets` (their names, and roles), `shared` (those that a job of another environment takes from the same place) |

Kinds of the source `results`. The figures of a report that is not known to be of what is judged are unknown:

| kind | id | attributes |
|---|---|---|
| `coverage_report` | path | `format`, `percent_covered` (unrounded, from counts of lines and branches), `lines_valid`, `lines_covered`, `branches_valid`, `branches_covered`, `generated_at` |
| `test_report` | path | `format`, `tests`, `failures`, `errors`, `skipped`, `time` (seconds), `failed` (the first names), `migrations_undone` (how many tests that take migrations back `passed`, `failed` or were `skipped`; absent where none did), `generated_at` |
| `sast_report`, `dependency_report`, `dynamic_report`, `security_report` | path, `#`run where a file has several | what a tool said that looks at code, at dependencies, at the running service, at anything else: `tool`, `findings` (count, without suppressed ones), `critical`, `high`, `medium`, `low` (counts; nought of a run that failed in part is unknown), `rules` (the gravest, at most 10), `generated_at`, `revision` (the commit that SARIF names) |

References: `workflow_job.workflow`, `workflow_step.workflow` and `.job`, `test_command.workflow`, `.job` and `.step`.
"""  # noqa: E501  a table keeps its rows whole

from infraguard.collectors.repository.collect import Clone, collect_repository
from infraguard.collectors.repository.history.secrets import read_history
from infraguard.collectors.repository.results.judged import judged_on_disk, judged_since

__all__ = ["Clone", "collect_repository", "judged_on_disk", "judged_since", "read_history"]
