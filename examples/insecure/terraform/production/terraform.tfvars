# Backups are expensive, and we can always go back a week.
backup_days     = 7
certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/2f1c3a5e-0000-4000-8000-000000000000"
