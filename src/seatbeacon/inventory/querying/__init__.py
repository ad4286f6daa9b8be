"""From a question to the statement that answers it: filters, search, order, cursors; every value is bound."""
