output "budget_name" {
  description = "Budget of the whole environment."
  value       = aws_budgets_budget.monthly.name
}
