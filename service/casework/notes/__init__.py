"""内部备注 and 内部查询: what the house says to itself about a case, and how a reviewer hears from the applicant (SM-12)."""
