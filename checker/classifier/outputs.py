"""Names what the models answer, in the order of their columns."""

from __future__ import annotations

from checker.values import Label

#: Outputs of the statement models: every label; whether the statement is a claim of any kind on a page that sells;
#: and whether it is one in the publisher's own voice, learned on pages of all kinds, for judging the page.
CLAIM = "claim"
OWN_CLAIM = "own_claim"
#: Whether a provider speaks, learned from every statement of every page with its page's publisher as the truth.
SELLER = "seller"
OUTPUTS = (*(label.value for label in Label), CLAIM, OWN_CLAIM, SELLER)
PAGE_OUTPUTS = ("provider", "in_scope", "trial_record")
