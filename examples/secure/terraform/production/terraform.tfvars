certificate_arn  = "arn:aws:acm:eu-west-1:111122223333:certificate/2f1c3a5e-0000-4000-8000-000000000000"
operations_email = "operations@example.com"
