"""From a plan's initiatives and phases to undertakings, stages and who carries them out."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.plan.ambitions import Phase
from scenarios.plan.control import MONTHS
from scenarios.plan.fields import add_months
from scenarios.plan.model import Plan
from scenarios.plan.vocabulary import PARAMETER_OF
from sim.engine.randomness import normal, stream_key, uniform, word
from sim.parameters import PARAMETERS, Values
from sim.retailer.programme import CALM, Gate, Luck, Organisation, Programme, Stage, Undertaking
from sim.setup import CAPABILITIES, Channel, Drivers, Effect

YEAR = 365.0
DRIVER_LEVERS = ("price", "delivery_days", "service", "access", "demand", "organic", "private", "click_price")
MONTH_DAYS = 30
SKILL_COST = "capability_cost.skill"


def undertakings_of(
    plan: Plan, actions: Mapping[str, float], channels: tuple[Channel, ...], seed: int
) -> tuple[Undertaking, ...]:
    """Return what a plan undertakes; ``actions`` is how much of each stated effect comes true, 0-1.

    An initiative's luck is addressed by its name alone: scenarios that share the seed share it.
    """
    names = [channel.name for channel in channels]
    phases = [phase.name for phase in ordered_phases(plan)]
    found = []
    for name, share in actions.items():
        action, month = plan.initiatives[name], plan.start_month(name)
        money = {str(capability): amount for capability, amount in action.invests.items()}
        start = (plan.first_day(month) - plan.start).days
        ripe = (add_months(plan.start, month - 1 + action.ripen_months) - plan.start).days
        paid = (add_months(plan.start, month - 1 + max(action.ripen_months, 1)) - plan.start).days
        levers = []
        for target, factor in action.effects.items():
            head, _, member = target.partition(".")
            columns = tuple(c for c, channel in enumerate(names) if member == channel)
            if head in DRIVER_LEVERS and (columns or not member):
                levers.append((head, columns, claimed(factor, share)))
        found.append(
            Undertaking(
                name,
                start,
                ripe - start,
                paid - start,
                tuple(money.get(capability, 0.0) for capability in CAPABILITIES),
                action.funded == "extra",
                action.cost,
                action.monthly_cost * 12.0 / YEAR,
                tuple(levers),
                _effects(plan, name, share, start, ripe - start),
                tuple((names.index(n), plan.channels[n].reach) for n in action.opens if n in names),
                phases.index(action.phase) if action.phase is not None else -1,
                action.stages > 1,
                tuple(other for other in action.prepared_by if other in actions),
                luck_of(seed, name),
            )
        )
    return tuple(found)


def _effects(plan: Plan, name: str, share: float, start: int, ripen: int) -> tuple[Effect, ...]:
    """Return an initiative's effects on the rules' parameters."""
    return tuple(
        Effect(name, _parameter(target), claimed(factor, share), start, ripen)
        for target, factor in plan.initiatives[name].effects.items()
        if target.split(".")[0] not in DRIVER_LEVERS
    )


def _parameter(lever: str) -> str:
    """Return the market's name of a lever."""
    head, dot, member = lever.partition(".")
    return PARAMETER_OF.get(head, head) + dot + member


def luck_of(seed: int, initiative: str) -> Luck:
    """Return an initiative's own luck."""
    key = stream_key(seed, f"execution {initiative}")
    return Luck(uniform(key, 0), normal(word(key, 1), word(key, 2)), uniform(key, 3))


def claimed(factor: float, share: float) -> float:
    """Return the factor that comes true when ``share`` of the (log) effect does."""
    return float(factor**share) if factor > 0 else 1.0 - share


def programme_of(plan: Plan, base: Drivers, undertakings: tuple[Undertaking, ...]) -> Programme | None:
    """Return the programme where it may go otherwise than planned: at gates, or in trouble."""
    governance = plan.policies.governance
    gated = governance.stage_gates and any(phase.gate for phase in plan.phases)
    if not undertakings or not (gated or plan.policies.organisation.execution_risk):
        return None
    if not plan.policies.organisation.execution_risk:
        undertakings = tuple(
            one if one.luck == CALM else Undertaking(**{**vars(one), "luck": CALM}) for one in undertakings
        )
    window = MONTH_DAYS * max(MONTHS[governance.outcome_review or "monthly"], 1)
    return Programme(base, undertakings, stages_of(plan) if gated else _no_gates(plan), window)


def stages_of(plan: Plan) -> tuple[Stage, ...]:
    """Return the phases as stages, by their start."""
    return tuple(
        Stage(
            phase.name,
            (plan.first_day(phase.start_month) - plan.start).days,
            tuple(Gate(gate.kpi, gate.bound, gate.at_least is not None) for gate in phase.gate),
            phase.wait_months * MONTH_DAYS,
        )
        for phase in ordered_phases(plan)
    )


def _no_gates(plan: Plan) -> tuple[Stage, ...]:
    return tuple(Stage(stage.name, stage.start) for stage in stages_of(plan))


def ordered_phases(plan: Plan) -> list[Phase]:
    """Return the phases by their first month, as written where they start together."""
    return sorted(plan.phases, key=lambda phase: phase.start_month)


def organisation_of(plan: Plan) -> Organisation | None:
    """Return who carries the plan out; ``None`` where it says nothing of it."""
    trained, risky = plan.baseline("skill_share"), plan.policies.organisation.execution_risk
    if trained is None and not risky:
        return None
    return Organisation(min(max(trained or 0.0, 0.0), 1.0), risky)


def prices_of(plan: Plan, draw: Mapping[str, float]) -> dict[str, float]:
    """Return the parameters that the organisation's own figures set.

    What training a person costs, times the staff, prices the skill capability; a draw of that price keeps
    its distance from the default. The plan's share of initiatives in trouble is taken where none is drawn.
    """
    Values({})  # fills the registry
    organisation, found = plan.policies.organisation, {}
    if organisation.staff and organisation.training_cost:
        relative = draw.get(SKILL_COST, PARAMETERS[SKILL_COST].default) / PARAMETERS[SKILL_COST].default
        found[SKILL_COST] = organisation.staff * organisation.training_cost * relative
    if organisation.trouble is not None and "execution.trouble" not in draw:
        found["execution.trouble"] = organisation.trouble
    return found
