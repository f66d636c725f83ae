"""Each field of an effective policy names the layer it came from."""

from backend.policy.patch import patched
from backend.policy.provenance import Layer, origins
from backend.policy.reading import read_policy
from tests.unit.policy.worlds import a_document

TEMPLATE = read_policy(
    a_document(categories={"phi": {"action": "block"}, "pii": {"action": "warn"}})
)


def test_untouched_fields_come_from_the_template() -> None:
    chain = [Layer("template", TEMPLATE.document()), Layer("client", TEMPLATE.document())]
    assert set(origins(chain).values()) == {"template"}


def test_only_the_overridden_field_is_the_clients() -> None:
    client = patched(TEMPLATE, {"categories": {"pii": {"action": "flag"}}})
    found = origins([Layer("template", TEMPLATE.document()), Layer("client", client.document())])
    assert [field for field, layer in found.items() if layer == "client"] == ["categories.pii"]
    assert found["categories.phi"] == "template"


def test_a_new_field_is_the_clients() -> None:
    client = patched(TEMPLATE, {"entities": {"US_SSN": {"action": "block"}}})
    found = origins([Layer("template", TEMPLATE.document()), Layer("client", client.document())])
    assert found["entities.US_SSN"] == "client"


def test_a_field_changed_and_set_back_is_the_last_layers() -> None:
    changed = patched(TEMPLATE, {"default_action": "warn"})
    chain = [
        Layer(name, policy.document())
        for name, policy in (("template", TEMPLATE), ("msp", changed), ("client", TEMPLATE))
    ]
    assert origins(chain)["default_action"] == "client"


def test_no_layers_have_no_fields() -> None:
    assert origins([]) == {}
