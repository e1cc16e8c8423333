"""收费: standards, one bill for a case or a chain, payment by the channel's notice, refunds, exemptions, reconciliation.

Nobody types an amount and nobody marks a bill paid: a bill is computed from a standard that is in force, and a signed notice
of the payment channel pays it (docs/fees.md).
"""
