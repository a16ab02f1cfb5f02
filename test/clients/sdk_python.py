"""Judges the simulator with the official Python SDK: what the SDK sends must be taken, and what the
simulator answers must parse into the SDK's types, errors and waiters. Knows only the address it is given.

Prints one line for each check: "ok NAME" or "FAIL NAME: why". Exit code 1 when one failed.
"""

import json
import os
import sys
import time
import urllib.request
from datetime import timedelta

from databricks.sdk import WorkspaceClient, errors
from databricks.sdk.core import Config
from databricks.sdk.service import catalog, serving
from databricks.sdk.version import __version__

HOST = os.environ["SIMULATOR_URL"]
TOKEN = "a-token"
CHECKS = []

KEY = "{{secrets/llm/key}}"
FRAUD = dict(name="fraud", entity_name="main.ml.fraud", entity_version="3", workload_size="Small")

SEED = {
    "settings": {"update_duration_ms": 300, "catalogs": ["main.ai", "main.logs"]},
    "serving_endpoints": [
        {
            "name": "chat",
            "config": {
                "served_entities": [
                    {
                        "name": "gpt",
                        "external_model": {
                            "name": "gpt-5",
                            "provider": "openai",
                            "task": "llm/v1/chat",
                            "openai_config": {"openai_api_key": KEY},
                        },
                    }
                ]
            },
            "tags": [{"key": "team", "value": "support"}],
        },
        {"name": "fraud", "config": {"served_entities": [FRAUD]}},
        {"name": "empty"},
        {"name": "looked-at", "permission_level": "CAN_VIEW"},
        {"name": "databricks-gpt"},
        {
            "name": "llama",
            "config": {
                "served_entities": [
                    {"entity_name": "system.ai.llama", "entity_version": "1", "max_provisioned_throughput": 100}
                ]
            },
        },
    ],
    "mcp_services": [{"name": "main.ai.seeded"}],
}
UNITY = "/api/2.1/unity-catalog/"
CHAT = "model-services/main.ai.chat"


def check(test):
    CHECKS.append(test)
    return test


def control(method, what, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{HOST}/_simulator/{what}", data=data, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def raw(path, root="/api/2.0"):
    request = urllib.request.Request(f"{HOST}{root}{path}", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def client(**change):
    given = dict(host=HOST, token=TOKEN, auth_type="pat", retry_timeout_seconds=20, http_timeout_seconds=10)
    return WorkspaceClient(config=Config(**{**given, **change}))


def raises(kind, action):
    try:
        action()
    except errors.DatabricksError as error:
        assert type(error) is kind, f"{type(error).__name__} instead of {kind.__name__}: {error}"
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


def unknown(answer, parsed, path=""):
    """Paths of an answer that the SDK's type dropped or read as something else."""
    if isinstance(answer, dict) and isinstance(parsed, dict):
        out = []
        for key, value in answer.items():
            below = f"{path}.{key}" if path else key
            if key in parsed:
                out += unknown(value, parsed[key], below)
            # The SDK leaves empty values out of its dictionaries.
            elif value not in (None, "", [], {}, False, 0):
                out.append(below)
        return out
    if isinstance(answer, list) and isinstance(parsed, list) and len(answer) == len(parsed):
        return [one for i, value in enumerate(answer) for one in unknown(value, parsed[i], f"{path}[{i}]")]
    return [] if answer == parsed else [path]


def known_whole(path, parsed, root="/api/2.0"):
    lost = unknown(raw(path, root), parsed.as_dict())
    assert not lost, f"the SDK does not know {', '.join(lost)}"


def entity(**change):
    return serving.ServedEntityInput(**{**FRAUD, **change})


def external(name):
    config = serving.OpenAiConfig(openai_api_key=KEY)
    model = serving.ExternalModel(
        name=name, provider=serving.ExternalModelProvider.OPENAI, task="llm/v1/chat", openai_config=config
    )
    return serving.ServedEntityInput(name=name, external_model=model)


def routes(**shares):
    return serving.TrafficConfig(
        routes=[serving.Route(served_entity_name=name, traffic_percentage=share) for name, share in shares.items()]
    )


def limit(**change):
    given = dict(calls=10, renewal_period=serving.AiGatewayRateLimitRenewalPeriod.MINUTE)
    return serving.AiGatewayRateLimit(**{**given, **change})


@check
def who_the_token_belongs_to(w):
    me = w.current_user.me()
    assert me.user_name == "ana@example.com", me.user_name
    assert "admins" in [group.display for group in me.groups]


@check
def host_metadata_is_read(w):
    assert w.config.discovery_url == f"{HOST}/oidc/.well-known/oauth-authorization-server", w.config.discovery_url


@check
def sign_in_of_a_machine(w):
    machine = client(token=None, auth_type="oauth-m2m", client_id="an-id", client_secret="a-secret")
    assert machine.current_user.me().user_name == "ana@example.com"


@check
def list_parses(w):
    names = [one.name for one in w.serving_endpoints.list()]
    assert names == [one["name"] for one in SEED["serving_endpoints"]], names


@check
def list_of_owned_endpoints_is_known_whole(w):
    parsed = {one.name: one.as_dict() for one in w.serving_endpoints.list()}
    for item in raw("/serving-endpoints")["endpoints"]:
        lost = [] if item["name"] == "databricks-gpt" else unknown(item, parsed[item["name"]])
        # Real lists carry the caller's level too, which the type does not name.
        lost = [path for path in lost if path != "permission_level"]
        assert not lost, f"{item['name']}: the SDK does not know {', '.join(lost)}"


@check
def get_external(w):
    one = w.serving_endpoints.get("chat")
    assert one.state.ready == serving.EndpointStateReady.READY
    assert one.config.served_entities[0].external_model.openai_config.openai_api_key == KEY
    assert one.config.traffic_config.routes[0].served_entity_name == "gpt"
    known_whole("/serving-endpoints/chat", one)


@check
def get_custom(w):
    one = w.serving_endpoints.get("fraud")
    assert one.config.served_models[0].model_version == "3"
    known_whole("/serving-endpoints/fraud", one)


@check
def get_without_config(w):
    one = w.serving_endpoints.get("empty")
    assert one.config is None and one.state.ready == serving.EndpointStateReady.NOT_READY
    known_whole("/serving-endpoints/empty", one)


@check
def get_pay_per_token(w):
    one = w.serving_endpoints.get("databricks-gpt")
    assert one.id is None and one.config.served_entities[0].foundation_model.name


@check
def put_ai_gateway_whole(w):
    pii = serving.AiGatewayGuardrailPiiBehavior(behavior=serving.AiGatewayGuardrailPiiBehaviorBehavior.BLOCK)
    sent = dict(
        fallback_config=serving.FallbackConfig(enabled=True),
        guardrails=serving.AiGatewayGuardrails(input=serving.AiGatewayGuardrailParameters(pii=pii, safety=True)),
        inference_table_config=serving.AiGatewayInferenceTableConfig(
            enabled=True, catalog_name="main", schema_name="logs", table_name_prefix="chat"
        ),
        rate_limits=[
            limit(key=serving.AiGatewayRateLimitKey.USER_GROUP, principal="data"),
            limit(calls=None, tokens=500, key=serving.AiGatewayRateLimitKey.ENDPOINT),
        ],
        usage_tracking_config=serving.AiGatewayUsageTrackingConfig(enabled=True),
    )
    answer = w.serving_endpoints.put_ai_gateway("chat", **sent).as_dict()
    wanted = serving.AiGatewayConfig(**sent).as_dict()
    assert answer == wanted, answer
    one = w.serving_endpoints.get("chat")
    assert one.ai_gateway.as_dict() == wanted
    known_whole("/serving-endpoints/chat", one)


@check
def put_ai_gateway_clears_what_is_left_out(w):
    usage = serving.AiGatewayUsageTrackingConfig(enabled=True)
    w.serving_endpoints.put_ai_gateway("chat", rate_limits=[limit()])
    w.serving_endpoints.put_ai_gateway("chat", usage_tracking_config=usage)
    assert w.serving_endpoints.get("chat").ai_gateway.as_dict() == {"usage_tracking_config": {"enabled": True}}
    w.serving_endpoints.put_ai_gateway("chat")
    assert w.serving_endpoints.get("chat").ai_gateway is None


@check
def put_ai_gateway_on_pay_per_token(w):
    answer = w.serving_endpoints.put_ai_gateway("databricks-gpt", rate_limits=[limit(calls=0)])
    assert answer.rate_limits[0].calls == 0
    assert answer.usage_tracking_config.enabled is True


@check
def patch_tags(w):
    added = [serving.EndpointTag(key="cost", value="1"), serving.EndpointTag(key="a")]
    w.serving_endpoints.patch("chat", add_tags=added, delete_tags=["team"])
    tags = [tag.as_dict() for tag in w.serving_endpoints.get("chat").tags]
    assert tags == [{"key": "a"}, {"key": "cost", "value": "1"}], tags


@check
def not_found(w):
    error = raises(errors.ResourceDoesNotExist, lambda: w.serving_endpoints.get("none"))
    assert error.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert error.get_error_details().request_info.request_id


@check
def no_such_route(w):
    error = raises(errors.NotFound, lambda: w.api_client.do("GET", "/api/2.0/serving-nothing"))
    assert error.error_code == "ENDPOINT_NOT_FOUND"


@check
def invalid_parameter_value(w):
    both = [limit(tokens=5)]
    raises(errors.InvalidParameterValue, lambda: w.serving_endpoints.put_ai_gateway("chat", rate_limits=both))


@check
def permission_denied(w):
    raises(errors.PermissionDenied, lambda: w.serving_endpoints.put_ai_gateway("looked-at"))


@check
def unauthenticated(w):
    fault = {"operation": "serving-endpoints.list", "status": 401}
    control("POST", "faults", fault)
    raises(errors.Unauthenticated, lambda: list(w.serving_endpoints.list()))


@check
def feature_disabled(w):
    fallback = serving.FallbackConfig(enabled=True)
    error = raises(errors.NotFound, lambda: w.serving_endpoints.put_ai_gateway("fraud", fallback_config=fallback))
    assert error.error_code == "FEATURE_DISABLED"


@check
def already_exists(w):
    raises(errors.ResourceAlreadyExists, lambda: w.serving_endpoints.create("chat"))


@check
def reserved_name(w):
    raises(errors.InvalidParameterValue, lambda: w.serving_endpoints.create("databricks-mine"))


@check
def system_endpoint_refuses_delete(w):
    raises(errors.InvalidParameterValue, lambda: w.serving_endpoints.delete("databricks-gpt"))


@check
def conflict_while_updating(w):
    w.serving_endpoints.update_config("fraud", served_entities=[entity()])
    error = raises(
        errors.ResourceConflict, lambda: w.serving_endpoints.update_config("fraud", served_entities=[entity()])
    )
    assert error.error_code == "RESOURCE_CONFLICT"


@check
def other_statuses_have_their_classes(w):
    kinds = {500: errors.InternalError, 501: errors.NotImplemented, 504: errors.DeadlineExceeded}
    for status, kind in kinds.items():
        control("POST", "faults", {"operation": "serving-endpoints.get", "status": status})
        raises(kind, lambda: w.serving_endpoints.get("chat"))


@check
def too_many_requests_is_waited_for(w):
    control("POST", "faults", {"operation": "serving-endpoints.get", "status": 429, "retryAfter": 1, "times": 2})
    begun = time.time()
    assert w.serving_endpoints.get("chat").name == "chat"
    assert time.time() - begun >= 2
    statuses = [one["status"] for one in control("GET", "requests") if one["operation"] == "serving-endpoints.get"]
    assert statuses == [429, 429, 200], statuses


@check
def unavailable_is_tried_again(w):
    control("POST", "faults", {"operation": "serving-endpoints.list", "status": 503, "retryAfter": 1})
    assert list(w.serving_endpoints.list())


@check
def reset_connection_is_tried_again(w):
    control("POST", "faults", {"operation": "serving-endpoints.get", "action": "reset"})
    assert w.serving_endpoints.get("chat").name == "chat"


@check
def a_login_page_is_no_answer(w):
    control("POST", "faults", {"operation": "serving-endpoints.get", "action": "html", "status": 403})
    raises(errors.PermissionDenied, lambda: w.serving_endpoints.get("chat"))


@check
def create_and_wait(w):
    config = serving.EndpointCoreConfigInput(
        name="new", served_entities=[external("b"), external("a")], traffic_config=routes(b=80, a=20)
    )
    made = w.serving_endpoints.create_and_wait(
        "new",
        config=config,
        ai_gateway=serving.AiGatewayConfig(rate_limits=[limit()]),
        description="for tests",
        tags=[serving.EndpointTag(key="team")],
        timeout=timedelta(seconds=20),
    )
    assert [one.name for one in made.config.served_entities] == ["a", "b"]
    assert made.task == "llm/v1/chat" and made.creator == "ana@example.com"
    assert made.ai_gateway.rate_limits[0].key == serving.AiGatewayRateLimitKey.ENDPOINT
    known_whole("/serving-endpoints/new", made)


@check
def create_answers_the_pending_config(w):
    config = serving.EndpointCoreConfigInput(name="new", served_entities=[entity()])
    made = w.serving_endpoints.create("new", config=config)
    assert "name" not in raw("/serving-endpoints/new")["pending_config"]
    assert made.response.state.config_update == serving.EndpointStateConfigUpdate.IN_PROGRESS
    assert made.response.pending_config.served_entities[0].entity_name == "main.ml.fraud"
    known_whole("/serving-endpoints/new", w.serving_endpoints.get("new"))


@check
def update_config_and_wait(w):
    done = w.serving_endpoints.update_config_and_wait(
        "fraud",
        served_entities=[entity(), entity(name="next", entity_version="4")],
        traffic_config=routes(fraud=90, next=10),
        timeout=timedelta(seconds=20),
    )
    assert done.config.config_version == 2
    assert [one.traffic_percentage for one in done.config.traffic_config.routes] == [90, 10]


@check
def update_config_with_served_models(w):
    model = serving.ServedModelInput(
        model_name="main.ml.fraud", model_version="5", scale_to_zero_enabled=True, workload_size="Small"
    )
    done = w.serving_endpoints.update_config_and_wait("fraud", served_models=[model], timeout=timedelta(seconds=20))
    assert done.config.served_entities[0].entity_version == "5"
    known_whole("/serving-endpoints/fraud", done)


@check
def failed_update_ends_the_wait(w):
    outcome = {"entity": "fraud", "outcome": "UPDATE_FAILED", "message": "no such image"}
    control("PUT", "state", {**SEED, "settings": {"update_duration_ms": 0, "update_outcomes": [outcome]}})
    try:
        w.serving_endpoints.update_config_and_wait("fraud", served_entities=[entity()], timeout=timedelta(seconds=20))
        raise AssertionError("the wait did not fail")
    except errors.OperationFailed:
        pass
    one = w.serving_endpoints.get("fraud")
    assert one.pending_config.served_entities[0].state.deployment_state_message == "no such image"
    known_whole("/serving-endpoints/fraud", one)


@check
def provisioned_throughput(w):
    def config(units):
        unit = serving.PtServedModel(entity_name="system.ai.llama", entity_version="1", provisioned_model_units=units)
        return serving.PtEndpointCoreConfig(served_entities=[unit])

    wait = timedelta(seconds=20)
    made = w.serving_endpoints.create_provisioned_throughput_endpoint_and_wait("llama2", config(50), timeout=wait)
    assert made.config.served_entities[0].provisioned_model_units == 50
    done = w.serving_endpoints.update_provisioned_throughput_endpoint_config_and_wait("llama2", config(100), timeout=wait)
    assert done.config.served_entities[0].provisioned_model_units == 100
    known_whole("/serving-endpoints/llama2", done)


@check
def delete(w):
    w.serving_endpoints.delete("chat")
    raises(errors.ResourceDoesNotExist, lambda: w.serving_endpoints.get("chat"))
    raises(errors.ResourceDoesNotExist, lambda: w.serving_endpoints.delete("chat"))


@check
def permissions_by_id(w):
    def request(name, level):
        return serving.ServingEndpointAccessControlRequest(group_name=name, permission_level=level)

    level = serving.ServingEndpointPermissionLevel
    key = w.serving_endpoints.get("chat").id
    set_to = w.serving_endpoints.set_permissions(key, access_control_list=[request("a", level.CAN_QUERY)])
    assert [one.group_name for one in set_to.access_control_list] == ["a", "admins"]
    w.serving_endpoints.update_permissions(key, access_control_list=[request("b", level.CAN_VIEW)])
    found = w.serving_endpoints.get_permissions(key)
    assert {one.group_name for one in found.access_control_list} == {"a", "b", "admins"}
    known_whole(f"/permissions/serving-endpoints/{key}", found)
    levels = w.serving_endpoints.get_permission_levels(key).permission_levels
    assert [one.permission_level for one in levels] == [level.CAN_VIEW, level.CAN_QUERY, level.CAN_MANAGE]


@check
def permissions_by_name_are_refused(w):
    error = raises(errors.InvalidParameterValue, lambda: w.serving_endpoints.get_permissions("chat"))
    assert str(error) == "'chat' is not a valid Inference Endpoint ID.", str(error)


@check
def notifications(w):
    if not hasattr(w.serving_endpoints, "update_notifications"):
        return "this SDK cannot"
    wanted = serving.EmailNotifications(on_update_failure=["ana@example.com"])
    answer = w.serving_endpoints.update_notifications("chat", email_notifications=wanted)
    assert answer.name == "chat" and answer.email_notifications.on_update_failure == ["ana@example.com"]
    known_whole("/serving-endpoints/chat", w.serving_endpoints.get("chat"))


@check
def telemetry(w):
    if not hasattr(w.serving_endpoints, "patch_telemetry_config"):
        return "this SDK cannot"
    wanted = serving.TelemetryConfig.from_dict({"table_names": {"logs_table": "main.logs.otel"}})
    answer = w.serving_endpoints.patch_telemetry_config("fraud", telemetry_config=wanted)
    assert answer.telemetry_config.telemetry_profile_id
    known_whole("/serving-endpoints/fraud", answer)
    raises(errors.InvalidParameterValue, lambda: w.serving_endpoints.patch_telemetry_config("chat"))


@check
def legacy_rate_limits(w):
    wanted = [serving.RateLimit(calls=5, renewal_period=serving.RateLimitRenewalPeriod.MINUTE)]
    assert w.serving_endpoints.put("chat", rate_limits=wanted).rate_limits[0].calls == 5


@check
def texts(w):
    assert b"openapi" in w.serving_endpoints.get_open_api("fraud").contents.read()
    assert b"request_count_total" in w.serving_endpoints.export_metrics("fraud").contents.read()
    assert w.serving_endpoints.logs("fraud", "fraud").logs == ""
    assert w.serving_endpoints.build_logs("fraud", "fraud").logs == ""


def gateway(test):
    """Runs a check only where the SDK has the services of Unity Catalog (generally available since 0.136.0)."""

    def checked(w):
        return test(w, w.ai_gateway) if hasattr(w, "ai_gateway") else "this SDK cannot"

    checked.__name__ = test.__name__
    return checked


def pay_per_token(name="sonnet", **change):
    kinds = catalog.ModelServiceConfigDestinationConfigDestinationType
    model = catalog.ModelServiceConfigPayPerTokenConfig(model="models/system.ai.databricks-claude-sonnet-4-6")
    return catalog.ModelServiceConfigDestinationConfig(
        name=name,
        destination_type=kinds.DESTINATION_TYPE_PAY_PER_TOKEN_FOUNDATION_MODEL,
        pay_per_token_config=model,
        **change,
    )


def per_minute(key="SERVICE", **change):
    return catalog.RateLimit(
        key=catalog.RateLimitRateLimitKey[f"RATE_LIMIT_KEY_{key}"],
        renewal_period=catalog.RateLimitRateLimitRenewalPeriod.RATE_LIMIT_RENEWAL_PERIOD_MINUTE,
        **change,
    )


def routed(*destinations, fallback=None, **rest):
    routing = catalog.ModelServiceConfigRoutingConfig(
        destinations=list(destinations),
        fallback=fallback and catalog.ModelServiceConfigFallbackConfig(destinations=fallback),
    )
    return catalog.ModelService(config=catalog.ModelServiceConfig(routing=routing, **rest))


def mask(*paths):
    from databricks.sdk.common.types.fieldmask import FieldMask

    return FieldMask(list(paths))


def openai(**secret):
    direct = catalog.ModelProviderServiceConfigOpenAiProviderDirectConfig(
        api_key=catalog.ModelProviderServiceConfigProviderSecret(**secret) if secret else None
    )
    target = catalog.ModelProviderServiceConfigModelTargetConfig(
        model="gpt-5", native_api_types=["openai/v1/responses"]
    )
    config = catalog.ModelProviderServiceConfig(
        provider_type=catalog.ModelProviderServiceConfigExternalModelProviderType.EXTERNAL_MODEL_PROVIDER_TYPE_OPENAI,
        openai=catalog.ModelProviderServiceConfigOpenAiProviderConfig(direct=direct),
        targets=[target],
    )
    return catalog.ModelProviderService(config=config)


@check
@gateway
def model_service_created_whole(w, api):
    sent = routed(
        pay_per_token(traffic_percentage=70),
        pay_per_token("haiku", traffic_percentage=30),
        fallback=[pay_per_token("back")],
        rate_limits=[per_minute(requests=100, tokens=0), per_minute("USER_GROUP", principal="data", requests=5)],
        inference_table=catalog.InferenceTableConfig(parent="schemas/main.logs", table_name_prefix="chat"),
    )
    made = api.create_model_service(sent, "schemas/main.ai", "chat")
    wanted = sent.as_dict()["config"]
    wanted["inference_table"]["table"] = "tables/main.logs.chat_payload"
    assert made.as_dict()["config"] == wanted, made.as_dict()["config"]
    assert made.effective_owner == "ana@example.com" and made.etag and made.create_time.seconds > 0
    assert api.get_model_service(CHAT) == made
    known_whole(CHAT, made, UNITY)


@check
@gateway
def model_service_destinations_of_every_type(w, api):
    api.create_model_provider_service(openai(plaintext="sk-literal"), "schemas/main.ai", "openai")
    kinds = catalog.ModelServiceConfigDestinationConfigDestinationType
    external = catalog.ModelServiceConfigDestinationConfig(
        name="gpt",
        destination_type=kinds.DESTINATION_TYPE_EXTERNAL_FOUNDATION_MODEL,
        external_model_config=catalog.ModelServiceConfigExternalModelConfig(
            model_provider_service="model-provider-services/main.ai.openai",
            target=catalog.ModelProviderServiceConfigModelTargetConfig(model="gpt-5"),
        ),
    )
    throughput = catalog.ModelServiceConfigDestinationConfig(
        name="llama",
        destination_type=kinds.DESTINATION_TYPE_PROVISIONED_THROUGHPUT_FOUNDATION_MODEL,
        provisioned_throughput_config=catalog.ModelServiceConfigProvisionedThroughputConfig(
            model_serving_endpoint="serving-endpoints/llama"
        ),
    )
    made = api.create_model_service(routed(external, fallback=[throughput]), "schemas/main.ai", "chat")
    assert made.config.routing.fallback.destinations[0].provisioned_throughput_config.model == "system.ai.llama"
    assert made.supported_api_types == ["mlflow/v1/chat/completions", "openai/v1/responses"]
    api.delete_model_provider_service("model-provider-services/main.ai.openai")
    dangling = api.get_model_service(CHAT)
    assert dangling.config.routing.destinations[0].is_deleted is True
    known_whole(CHAT, dangling, UNITY)


@check
@gateway
def model_service_update_by_mask_and_etag(w, api):
    made = api.create_model_service(routed(pay_per_token()), "schemas/main.ai", "chat")
    limits = catalog.ModelService(config=catalog.ModelServiceConfig(rate_limits=[per_minute(requests=5)]))
    limited = api.update_model_service(CHAT, limits, mask("config.rate_limits"), etag=made.etag)
    assert limited.config.routing == made.config.routing and limited.config.rate_limits[0].requests == 5
    error = raises(
        errors.Aborted, lambda: api.update_model_service(CHAT, limits, mask("config.rate_limits"), etag=made.etag)
    )
    assert error.error_code == "ABORTED"
    raises(errors.InvalidParameterValue, lambda: api.update_model_service(CHAT, limits, mask("*")))
    raises(errors.InvalidParameterValue, lambda: api.update_model_service(CHAT, limits, mask("config.routing")))
    both = catalog.ModelService(comment="for tests", config=catalog.ModelServiceConfig())
    cleared = api.update_model_service(CHAT, both, mask("comment", "config.rate_limits"), etag=limited.etag)
    assert cleared.comment == "for tests" and not cleared.config.rate_limits
    raises(errors.Aborted, lambda: api.delete_model_service(CHAT, etag=limited.etag))
    api.delete_model_service(CHAT, etag=cleared.etag)
    raises(errors.ResourceDoesNotExist, lambda: api.get_model_service(CHAT))


@check
@gateway
def model_services_in_pages_and_views(w, api):
    for index in range(5):
        api.create_model_service(routed(pay_per_token()), "schemas/main.ai", f"chat{index}")
    found = list(api.list_model_services(parent="schemas/main.ai", page_size=2))
    assert [one.name[-5:] for one in found] == [f"chat{index}" for index in range(5)]
    assert all(one.config.routing is None for one in found)
    full = catalog.ListModelServicesRequestView.FULL
    whole = list(api.list_model_services(parent="schemas/main.ai", view=full))
    assert whole[0] == api.get_model_service("model-services/main.ai.chat0")
    assert list(api.list_model_services(parent="schemas/main.logs")) == []
    raises(errors.InvalidParameterValue, lambda: list(api.list_model_services()))
    raises(errors.NotFound, lambda: list(api.list_model_services(parent="schemas/main.none")))


@check
@gateway
def system_model_services(w, api):
    name = "model-services/system.ai.gpt-5-2"
    assert name in [one.name for one in api.list_model_services(parent="schemas/system.ai")]
    known_whole(name, api.get_model_service(name), UNITY)
    limits = catalog.ModelService(config=catalog.ModelServiceConfig(rate_limits=[per_minute(requests=5)]))
    assert api.update_model_service(name, limits, mask("config.rate_limits")).config.rate_limits
    raises(
        errors.InvalidParameterValue,
        lambda: api.update_model_service(name, routed(pay_per_token()), mask("config.routing.destinations")),
    )
    raises(errors.InvalidParameterValue, lambda: api.delete_model_service(name))


@check
@gateway
def model_provider_service_keeps_its_secret(w, api):
    name = "model-provider-services/main.ai.openai"
    made = api.create_model_provider_service(openai(plaintext="sk-literal"), "schemas/main.ai", "openai")
    assert made.config.openai.direct.api_key.plaintext is None
    assert raw(name, UNITY)["config"]["openai"] == {"direct": {"api_key": {}}}
    known_whole(name, made, UNITY)
    kept = api.update_model_provider_service(name, openai(), mask("config.provider"))
    assert kept.config.openai.direct.api_key is not None
    reference = catalog.ModelProviderServiceConfigSecretReference(name="secrets/main.keys.openai")
    other = api.update_model_provider_service(name, openai(secret_reference=reference), mask("config.provider"))
    assert other.config.openai.direct.api_key.secret_reference == reference
    assert api.get_model_provider_service(name) == other
    assert [one.name for one in api.list_model_provider_services(parent="schemas/main.ai")] == [name]
    assert "sk-literal" not in json.dumps([control("GET", "state"), control("GET", "requests")])
    raises(errors.ResourceAlreadyExists, lambda: api.create_model_service(routed(), "schemas/main.ai", "openai"))


@check
@gateway
def mcp_service(w, api):
    def wanted(connection):
        source = catalog.McpServiceConfigSourceConnection(name=connection)
        config = catalog.McpServiceConfig(source_connection=source, include_tool_selectors=["read_*"])
        return catalog.McpService(config=config)

    name = "mcp-services/main.ai.tickets"
    made = api.create_mcp_service(wanted("connections/main.ai.jira"), "schemas/main.ai", "tickets")
    assert api.get_mcp_service(name) == made
    known_whole(name, made, UNITY)
    moved = api.update_mcp_service(name, wanted("connections/main.ai.other"), mask("config.source_connection.name"))
    assert moved.config.source_connection.name == "connections/main.ai.other"
    assert [one.name[-7:] for one in api.list_mcp_services(parent="schemas/main.ai")] == [".seeded", "tickets"]
    api.delete_mcp_service(name, etag=moved.etag)


@check
def grants_on_services(w):
    of = ("mcp_service", "main.ai.seeded")
    execute, manage = catalog.Privilege.EXECUTE, catalog.Privilege.MANAGE
    change = catalog.PermissionsChange(principal="support", add=[execute, manage])
    answer = w.grants.update(*of, changes=[change])
    assert answer.privilege_assignments[0].privileges == [execute, manage]
    w.grants.update(*of, changes=[catalog.PermissionsChange(principal="support", remove=[manage])])
    found = w.grants.get(*of)
    assert [(one.principal, one.privileges) for one in found.privilege_assignments] == [("support", [execute])]
    known_whole("permissions/mcp_service/main.ai.seeded", found, UNITY)
    effective = w.grants.get_effective("MCP_SERVICE", "main.ai.seeded")
    assert effective.privilege_assignments[0].privileges[0].privilege == execute
    raises(errors.ResourceDoesNotExist, lambda: w.grants.get("mcp_service", "main.ai.none"))


@check
def catalogs_and_schemas(w):
    assert [one.name for one in w.catalogs.list()] == ["main", "system"]
    assert [one.full_name for one in w.schemas.list("main")] == ["main.ai", "main.logs"]
    known_whole("catalogs/main", w.catalogs.get("main"), UNITY)
    known_whole("schemas/main.ai", w.schemas.get("main.ai"), UNITY)
    error = raises(errors.NotFound, lambda: w.schemas.get("main.none"))
    assert error.error_code == "SCHEMA_DOES_NOT_EXIST"
    raises(errors.NotFound, lambda: w.catalogs.get("none"))


def main():
    failed = 0
    print(f"databricks-sdk {__version__}", file=sys.stderr)
    for test in CHECKS:
        name = test.__name__.replace("_", " ")
        control("DELETE", "faults")
        control("PUT", "state", SEED)
        control("DELETE", "requests")
        try:
            skipped = test(client())
            print(f"skip {name}: {skipped}" if skipped else f"ok   {name}", flush=True)
        except Exception as error:  # whatever it is, it is this check that failed
            failed += 1
            print(f"FAIL {name}: {type(error).__name__}: {error}", flush=True)
    return 1 if failed else 0


sys.exit(main())
