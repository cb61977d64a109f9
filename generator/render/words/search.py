"""The search and the stack, and what their script says."""

SEARCH = "Search"
SEARCH_DESCRIPTION = "Search all incidents by their titles, services and components."
STACK = "My stack"
STACK_DESCRIPTION = "The state and the incidents of the services that you depend on, in one list."
