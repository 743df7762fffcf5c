"""What is run at each point: the plan under every scenario, checked, packed, and known by its content."""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results.files import fingerprint
from results.problems import BadInput, Problem, nearest
from scenarios.experiment import Future, targets_of
from scenarios.goals import windows_of
from scenarios.horizon import with_horizon
from scenarios.plan import AS_WRITTEN, STATUS_QUO, Plan, bundled, load_plan, scenario_plan, with_overrides
from scenarios.plan.overrides import find
from scenarios.proposals import value_at
from scenarios.sweep.design import Design
from scenarios.sweep.points import Values, lay

if TYPE_CHECKING:
    from results.targets import Target

YEAR = 365
MOST_FAULTS = 5  # points told of before the rest is left
UNSAID = {"name", "title", "extends", "scenarios", "search"}  # what of a plan moves no figure
Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Case:
    """A scenario at a point, as all its futures live it.

    Parameters
    ----------
    point, scenario
        Where it stands in the design.
    values
        What the point sets, by path.
    plan
        Name of the plan swept.
    packed
        The plan under the scenario, pickled and compressed.
    parameters
        Parameters of the market that the point sets.
    customers
        Agents a run.
    windows
        Periods measured, as (first, last day) from the plan's start.
    targets
        What the point's plan promises.
    content
        Hash of everything above that determines figures.
    """

    point: int
    scenario: str
    values: Values
    plan: str
    packed: bytes
    parameters: Mapping[str, float]
    customers: int
    windows: Windows
    targets: tuple[Target, ...]
    content: str

    def key(self, future: Future, versions: str) -> str:
        """Return the hash of the run in a future: whatever can change a figure goes into it."""
        values = {**future.values, **self.parameters}
        return fingerprint([self.content, values, future.seed, versions])


def plans_of(design: Design) -> dict[str, Plan]:
    """Load the plans swept, by the name the design gives them, and hold the design against each.

    Raises
    ------
    BadInput
        If a plan cannot be read, has not a scenario or path that the design names, or a value cannot stand.
    """
    plans: dict[str, Plan] = {}
    problems: list[Problem] = []
    for name in design.plans:
        try:
            plans[name] = _loaded(design, name)
        except BadInput as bad:
            problems += [_placed(design, problem, name) for problem in bad.problems]
    problems += [problem for name, plan in plans.items() for problem in _faults(design, name, plan)]
    if problems:
        raise BadInput(list(dict.fromkeys(problems)))
    return plans


def cases_of(design: Design, plans: Mapping[str, Plan], seed: int, fitted: bool = False) -> list[Case]:
    """Return every scenario at every point, in the order of points.

    Raises
    ------
    BadInput
        If the plan cannot be at some point; nothing has been run then.
    """
    first = next(iter(plans.values()))
    whole = {
        line.path: _is_whole(value_at(first, line.path))
        for line in design.lines
        if line.in_plan and not line.values
    }
    found: list[Case] = []
    problems: list[Problem] = []
    for number, values in enumerate(lay(design, whole, seed)):
        name = str(values.get("plan", design.plans[0]))
        try:
            found += _at_point(design, plans[name], name, number, values, fitted)
        except BadInput as bad:
            said = ", ".join(f"{path}={value}" for path, value in values.items())
            problems += [
                design.problem(
                    "vary", problem.value, problem.expected, f"at {said}: {problem.field} {problem.message}"
                )
                for problem in bad.problems
            ]
            if len(problems) >= MOST_FAULTS:
                break
    if problems:
        raise BadInput(problems)
    return found


def unpacked(packed: bytes) -> Plan:
    """Return a packed plan."""
    plan: Plan = pickle.loads(zlib.decompress(packed))
    return plan


def measured(plan: Plan) -> Windows:
    """Return the periods measured: each year from the start, and what targets and the end are told by."""
    ends = range(YEAR - 1, plan.days, YEAR)
    years = [(end - YEAR + 1, end) for end in ends]
    return tuple(sorted({*windows_of(plan), *years}, key=lambda window: (window[1], -window[0])))


def _loaded(design: Design, name: str) -> Plan:
    """Load a plan that is bundled or lies beside the design, over the months asked for."""
    path = design.document.path.parent / name
    bare = not Path(name).suffix and not path.is_file()
    plan = load_plan(name if name in bundled() or bare else path)
    months = design.written.months
    return plan if months is None else with_horizon(plan, months)


def _placed(design: Design, problem: Problem, name: str) -> Problem:
    """Return a plan's problem, at the design's line where the plan itself is not there."""
    if problem.line is not None:
        return problem
    field = "plan" if design.written.plan else "vary.plan"
    return design.problem(field, name, problem.expected, problem.message)


def _faults(design: Design, name: str, plan: Plan) -> list[Problem]:
    """Return what of a design one of its plans does not bear, line by line."""
    problems = []
    for scenario in design.written.scenarios:
        if scenario not in plan.scenario_names():
            known = plan.scenario_names()
            said = f"the plan {name!r} has no scenario {scenario!r}{nearest(scenario, known)}"
            problems.append(design.problem("scenarios", scenario, "one of " + ", ".join(known), said))
    for line in design.lines:
        field = f"vary.{line.path}"
        try:
            if line.parameter is not None:
                _check_parameter(line.parameter, line.ends, plan)
            elif line.in_plan:
                find(plan, line.path)
                for value in line.ends:
                    with_overrides(plan, {line.path: _fitting(plan, line.path, value)})
        except BadInput as bad:
            told = bad.problems[0]
            said = told.message if len(bad.problems) == 1 else "; ".join(p.message for p in bad.problems[:3])
            problems.append(design.problem(field, told.value, told.expected, said))
    return problems


def _fitting(plan: Plan, path: str, value: Any) -> Any:
    """Return an end of a range as a point would have it: whole where the plan's number is whole."""
    return round(value) if isinstance(value, float) and _is_whole(value_at(plan, path)) else value


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_parameter(name: str, ends: Sequence[Any], plan: Plan) -> None:
    """Refuse what is no parameter of the plan's market, or no value for it."""
    from sim.parameters import PARAMETERS, Values, collected

    known = PARAMETERS or collected()
    family, _, member = name.partition(".")
    members = {*plan.channels, *(product for product in plan.products or ())}
    families = {key.split(".")[0] for key in known if "." in key}
    if name not in known and not (family in families and member in members):
        said = f"the market has no parameter {name!r}{nearest(name, known)}"
        raise BadInput(Problem(plan.name, None, "", name, "a parameter's name (omolab.PARAMETERS)", said))
    for value in ends:
        try:
            Values({name: float(value)})
        except (TypeError, ValueError) as error:
            raise BadInput(Problem(plan.name, None, "", str(value), "another number", str(error))) from None


def _at_point(design: Design, base: Plan, name: str, number: int, values: Values, fitted: bool) -> list[Case]:
    """Return the scenarios at one point."""
    lines = {line.path: line for line in design.lines}
    changed = {path: value for path, value in values.items() if lines[path].in_plan}
    parameters = {
        str(lines[path].parameter): float(value) for path, value in values.items() if lines[path].parameter
    }
    plan = with_overrides(base, changed) if changed else base
    case = Case(number, "", values, name, b"", parameters, 0, (), targets_of(plan, fitted), "")
    found = []
    for scenario in design.written.scenarios:
        lived = _under(scenario, plan, base, changed)
        packed = zlib.compress(pickle.dumps(lived, pickle.HIGHEST_PROTOCOL), 1)
        customers = design.written.customers or lived.market.customers
        windows = measured(plan)
        said = lived.model_dump_json(exclude=UNSAID)
        content = hashlib.sha256(f"{said}\n{customers}\n{windows}".encode()).hexdigest()
        found.append(
            replace(
                case, scenario=scenario, packed=packed, customers=customers, windows=windows, content=content
            )
        )
    return found


def _under(scenario: str, plan: Plan, base: Plan, changed: Mapping[str, Any]) -> Plan:
    """Return the point's plan under a scenario; what the point says beats what a named scenario says.

    ``status_quo`` does nothing new at any point: a policy or budget that varies leaves it as it is.
    """
    if scenario in (STATUS_QUO, AS_WRITTEN) or not changed:
        return scenario_plan(plan, scenario)
    return with_overrides(scenario_plan(base, scenario), changed)
