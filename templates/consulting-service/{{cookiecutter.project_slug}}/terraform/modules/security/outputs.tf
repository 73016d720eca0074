output "detector_id" {
  description = "Detector of threats."
  value       = aws_guardduty_detector.this.id
}
