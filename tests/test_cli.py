"""The headless command, as a user of a shell meets it."""

import csv
import io
import json
import math
import os
import re
import subprocess
import sys

import pytest

from chainrule_gui.cli import main
from chainrule_gui.model import evaluate, parse


def run(capsys, *arguments):
    status = main(list(arguments))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def run_json(capsys, *arguments):
    status, out, err = run(capsys, *arguments, "--format", "json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_derive_the_lesson_example(capsys):
    answer = run_json(capsys, "derive", "log(2+cos(x))", "--at", "x=1")
    assert answer["wrt"] == "x"
    assert [(link["name"], link["function"], link["rule"]) for link in answer["chain"]] == [
        ("h", "log(u)", "logarithm"),
        ("u", "2 + cos(x)", "sum"),
    ]
    assert answer["value"] == pytest.approx(math.log(2 + math.cos(1)), rel=1e-15)
    assert answer["derivative_value"] == pytest.approx(-math.sin(1) / (2 + math.cos(1)), rel=1e-15)
    assert math.prod(link["value"] for link in answer["chain"]) == pytest.approx(answer["derivative_value"], rel=1e-15)
    assert answer["steps"][0]["rule"] == "chain"
    assert "simplified" not in answer
    assert "\\" in answer["latex"]


def test_the_last_link_says_which_rule_goes_on(capsys):
    answer = run_json(capsys, "derive", "log(x sin x)", "--at", "x=2")
    assert [link["rule"] for link in answer["chain"]] == ["logarithm", "product"]
    assert math.prod(link["value"] for link in answer["chain"]) == pytest.approx(answer["derivative_value"], rel=1e-14)


def test_without_a_point_there_are_no_values_and_a_reason(capsys):
    answer = run_json(capsys, "derive", "x^2")
    assert answer["derivative_value"] is None
    assert "--at" in answer["why"]


def test_no_value_outside_the_domain(capsys):
    answer = run_json(capsys, "derive", "log(x)", "--at", "x=-1")
    assert answer["value"] is None
    assert answer["derivative_value"] is None
    assert "domain" in answer["why"]


def test_a_point_may_be_a_formula_and_other_variables_count(capsys):
    answer = run_json(capsys, "derive", "w2 sin(t)", "--wrt", "t", "--at", "t=pi/3", "w2=4")
    assert answer["derivative_value"] == pytest.approx(2.0, rel=1e-15)


PENDING = re.compile(r"d/d([a-z]\w*)\(")


def _value(text, point):
    """The value of a step's side: each d/dx(…) in it by central differences, innermost first."""
    while found := list(PENDING.finditer(text)):
        start, open_at = found[-1].start(), found[-1].end()
        end, depth = open_at, 1
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        operand, name = parse(text[open_at : end - 1]), found[-1][1]

        def at(shift, operand=operand, name=name):
            return float(evaluate(operand, {**point, name: point[name] + shift}))

        slope = (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3
        text = f"{text[:start]}({slope:.15f}){text[end:]}"
    return float(evaluate(parse(text), point))


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("log(2+cos(x))", {"chain", "logarithm", "sum", "constant", "cosine"}),
        ("x sin(x^2)", {"product", "variable", "chain", "sine", "power"}),
        ("e^x/(1+x^3)", {"quotient", "exponential", "sum", "power"}),
        ("x^x + 3*2^x", {"general-exponent", "product", "constant-multiple", "exponential"}),
    ],
)
def test_steps_cover_every_rule_and_both_sides_are_equal(capsys, text, rules):
    answer = run_json(capsys, "derive", text, "--at", "x=0.7")
    assert rules <= {step["rule"] for step in answer["steps"]}
    for step in answer["steps"]:
        point = {"x": 0.7}
        point |= {name: _value(meaning, point) for name, meaning in step.get("where", {}).items()}
        assert _value(step["before"], point) == pytest.approx(_value(step["after"], point), rel=1e-6, abs=1e-6), step
        assert step["because"]
    assert answer["steps"][0]["depth"] == 0
    assert answer["steps"][-1]["after"] == answer["derivative"]
    assert _value(answer["derivative"], {"x": 0.7}) == pytest.approx(answer["derivative_value"], rel=1e-12)


def test_higher_derivatives(capsys):
    answer = run_json(capsys, "derive", "x^4", "--at", "x=2", "--order", "3")
    assert answer["derivatives"] == ["4*x^3", "12*x^2", "24*x"]
    assert (answer["value"], answer["derivative_value"], answer["derivative"]) == (16.0, 48.0, "24*x")
    assert answer["chain"][0]["name"] == "h″"
    status, out, _err = run(capsys, "derive", "x^4", "--order", "2")
    assert status == 0
    assert "h′" in out


@pytest.mark.parametrize("style", ["text", "latex"])
def test_steps_are_written_out(capsys, style):
    _status, out, _err = run(capsys, "derive", "x sin x", "--format", style)
    assert "Both factors depend on x." in out


def test_simplify(capsys):
    assert run_json(capsys, "derive", "sin(x)^2+cos(x)^2", "--simplify")["simplified"] == "0"


@pytest.mark.parametrize(
    ("style", "ending"),
    [("text", "3*x^2"), ("latex", "3 x^{2}"), ("typst", "$ 3 x^(2) $"), ("mathml", "</math>")],
)
def test_the_simplified_form_is_written_like_the_rest(capsys, style, ending):
    status, out, err = run(capsys, "derive", "x*x*x", "--simplify", "--format", style)
    assert (status, err) == (0, "")
    assert out.rstrip().endswith(ending)


@pytest.mark.parametrize("text", ["9^9^9 x", "2^-1e300 x", "(x+1)^100000", "1e-300 x^2*1e-300", "(-8)^(x/3)"])
def test_where_no_simplified_form_is_found_the_reason_stands_beside_it(capsys, text):
    answer = run_json(capsys, "derive", text, "--simplify", "--at", "x=1")
    assert answer["simplified"] is None
    assert "simplified form" in answer["why"]


@pytest.mark.parametrize("text", ["-x^2", "-0.5 x", "-sin x"])
def test_an_expression_may_begin_with_a_minus_sign(capsys, text):
    assert run_json(capsys, "derive", text, "--at", "x=-2")["expression"].startswith("-")


def test_the_variable_may_be_typed_as_a_greek_letter(capsys):
    answer = run_json(capsys, "derive", "θ^2 x", "--wrt", "θ", "--at", "θ=3", "x=2")
    assert (answer["wrt"], answer["derivative_value"]) == ("theta", 12.0)


def test_every_usual_name_of_the_result_may_be_taken(capsys):
    point = ["h=1", "H=1", "h1=1", "h2=1", "h3=1"]
    assert run_json(capsys, "derive", "h+H+h1+h2+h3", "--wrt", "h", "--at", *point)["derivative_value"] == 1.0


@pytest.mark.parametrize("style", ["text", "latex", "typst", "mathml"])
def test_every_format_writes_something_about_the_inner_function(capsys, style):
    status, out, _err = run(capsys, "derive", "log(2+cos(x))", "--at", "x=1", "--format", style)
    assert status == 0
    assert "cos" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["derive", "log("], "missing"),
        (["derive", "x", "--at", "y=1"], "x"),
        (["derive", "x", "--at", "x"], "--at x=1"),
        (["derive", "a b"], "--wrt"),
        (["derive", "x y", "--at", "x=1"], "missing for y"),
        (["derive", "x", "--at", "x=1e999"], "--at"),
        (["derive", "x", "--at", "x=1", "x=2"], "Two values"),
        (["derive", "x", "--wrt", "x+1"], "not a variable"),
        (["derive", "x", "--wrt", ""], "Type an expression"),
        (["derive"], "EXPR"),
        (["derive", "x", "--format", "word"], "word"),
        (["frobnicate"], "frobnicate"),
        ([], "COMMAND"),
        (["derive", "*".join("x" * 149), "--format", "mathml"], "MathML"),
        (["gradient", "--layers", "a,b", "--parameters", "p", "--x", "1", "--y", "1"], "“a” is not a whole number"),
        (["gradient", "--layers", "9" * 5000, "--parameters", "p", "--x", "1", "--y", "1"], "not a whole number"),
        (["gradient", "--layers", "1,1", "--parameters", "p", "--x", "1,", "--y", "1"], "“” is not a finite number"),
        (["gradient", "--layers", "1,1", "--parameters", "p", "--x", "1_0", "--y", "1"], "“1_0” is not a finite"),
        (["gradient", "--layers", "1,1", "--parameters", "", "--x", "1", "--y", "1"], "cannot be read"),
        (["gradient", "--layers", "1,1", "--parameters", "\0", "--x", "1", "--y", "1"], "cannot be read"),
        (["train", "--layers", "1,1", "--data", "line", "--rate", "inf", "--steps", "1"], "rate"),
        (["train", "--layers", "1,1", "--data", "line", "--rate", "1", "--steps", "-1"], "--steps"),
        (["train", "--layers", "1,1", "--data", "line", "--rate", "1", "--steps", "1000000000"], "--steps"),
        (["train", "--layers", "1,1", "--data", "line", "--rate", "1", "--steps", "1", "--batch", "0"], "batch"),
        (["train", "--layers", "1,1", "--data", "line", "--rate", "1", "--steps", "1", "--seed", "-1"], "seed"),
        (["train", "--layers", "1,1", "--data", "line", "--rate", "1", "--steps", "1", "--inputs", "a"], "built-in"),
        (["gradient", "--layers", "1,0,1", "--parameters", "no.json", "--x", "1", "--y", "1"], "layer"),
        (["gradient", "--layers", "1,1,1", "--parameters", "no.json", "--x", "1", "--y", "1"], "no.json"),
        (["gradient", "--layers", "1,1,1", "--activation", "foo", "--parameters", "n", "--x", "1", "--y", "1"], "foo"),
        (["train", "--layers", "1,1,1", "--data", "no.csv", "--rate", "1", "--steps", "1"], "no.csv"),
        (["train", "--layers", "1,1,1", "--data", "xor", "--rate", "1", "--steps", "1"], "2 columns"),
        (["train", "--layers", "2,1", "--data", "xor", "--rate", "nan", "--steps", "1"], "rate"),
    ],
)
def test_bad_input_gives_one_message_and_status_2(capsys, arguments, words):
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert words in err
    assert "Traceback" not in err


def test_the_caret_stands_under_the_place(capsys):
    _status, _out, err = run(capsys, "derive", "2 + * x")
    *_, shown, caret = err.rstrip("\n").split("\n")
    assert shown[caret.index("^")] == "*"


@pytest.mark.parametrize(
    ("arguments", "status", "verdict", "diagnosis"),
    [
        (["log(2+cos(x))", "--answer", "-sin(x)/(2+cos(x))"], 0, "correct", None),
        (["log(2+cos(x))", "--answer", "h'(x) = -sin x/(2+cos x)"], 0, "correct", None),
        (["-x^2", "--answer", "-2x"], 0, "correct", None),
        (["--answer=--2x", "x^2"], 0, "correct", None),
        (["w x", "--answer", "x", "--wrt", "w"], 0, "correct", None),
        (["log(2+cos(x))", "--answer", "1/(2+cos(x))"], 1, "incorrect", "missing-inner-derivative"),
        (["x^2", "--answer", "2(x"], 2, "unreadable", None),
        (["x^2", "--answer", ""], 2, "unreadable", None),
    ],
)
def test_check_judges_an_answer(capsys, arguments, status, verdict, diagnosis):
    found, out, err = run(capsys, "check", *arguments, "--format", "json")
    answer = json.loads(out)
    assert (found, answer["verdict"], answer["diagnosis"]) == (status, verdict, diagnosis)
    assert set(answer) == {"verdict", "diagnosis", "message"}
    assert answer["message"]
    assert bool(err) == (status == 2)
    found, out, err = run(capsys, "check", *arguments)
    assert found == status
    assert answer["message"] in (err if status == 2 else out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["log(", "--answer", "1"], "missing"),
        (["a b", "--answer", "a"], "--wrt"),
        (["x^2", "--answer", "2x", "--wrt", "5"], "not a variable"),
    ],
)
def test_what_cannot_be_checked_is_told(capsys, arguments, words):
    status, out, err = run(capsys, "check", *arguments)
    assert (status, out) == (2, "")
    assert words in err


@pytest.fixture
def parameters(tmp_path):
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"w1": 0.78, "b1": 0.06, "w2": 0.066, "b2": 0.956}))
    return str(path)


def test_gradient_of_the_lesson_network(capsys, parameters):
    answer = run_json(
        capsys, "gradient", "--layers", "1,1,1", "--parameters", parameters, "--x", "0.5", "--y", "1", "--of", "w2"
    )
    z1 = 0.78 * 0.5 + 0.06
    a1 = 1 / (1 + math.exp(-z1))
    y_hat = 1 / (1 + math.exp(-(0.066 * a1 + 0.956)))
    assert answer["z"][0] == pytest.approx([z1])
    assert answer["a"] == [pytest.approx([a1]), pytest.approx([y_hat])]
    assert answer["cost"] == pytest.approx((y_hat - 1) ** 2 / 2)
    assert answer["gradient"]["w2"] == pytest.approx((y_hat - 1) * y_hat * (1 - y_hat) * a1, rel=1e-13)
    (path,) = answer["paths"]
    assert [(link["of"], link["wrt"]) for link in path["links"]] == [("J", "y_hat"), ("y_hat", "z2"), ("z2", "w2")]
    assert path["product"] == pytest.approx(answer["sum"], rel=1e-13)
    assert answer["sum"] == pytest.approx(answer["gradient"]["w2"], rel=1e-13)
    for name, value in answer["numerical"].items():
        assert value == pytest.approx(answer["gradient"][name], rel=1e-6)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"w1": 1}',
        '{"w1": NaN, "b1": 1, "w2": 1, "b2": 1}',
        '{"w1": "1", "b1": 1, "w2": 1, "b2": 1}',
        "[" * 100_000,
        '{"w1": 1, "b1": 1, "w2": 1, "b2": 1, "w3": 1}',
        '{"w1": 1, "b1": 1, "w2": 1, "b2": 1, "w1": 2}',
        '{"w1": 1, "b1": 1, "w2": 1, "b2": ' + "9" * 400 + "}",
        '{"w1": 1, "b1": 1, "w2": 1, "b2": ' + "9" * 5000 + "}",
        '{"w1": 1, "b1": 1, "w2": 1, "b2": 1e999}',
        '{"w1": 1, "b1": 1, "w2": 1, "b2": true}',
        "",
        "\0" * 50,
        " " * 1_000_001 + "{}",
    ],
)
def test_unusable_parameter_files_are_refused(capsys, tmp_path, content):
    path = tmp_path / "p.json"
    path.write_text(content)
    status, _out, err = run(
        capsys, "gradient", "--layers", "1,1,1", "--parameters", str(path), "--x", "0.5", "--y", "1"
    )
    assert status == 2
    assert "p.json" in err


def test_a_place_in_the_parameters_file_is_said(capsys, tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(b'\xef\xbb\xbf{"w1": 1,\n "b1" 2}')
    status, _out, err = run(capsys, "gradient", "--layers", "1,1", "--parameters", str(path), "--x", "0.5", "--y", "1")
    assert status == 2
    assert "p.json:2:" in err


def test_negative_numbers_are_no_options(capsys, tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"w1.1.1": 0.5, "w1.1.2": -1, "b1.1": 0}')
    answer = run_json(capsys, "gradient", "--layers", "2,1", "--parameters", str(path), "--x", "-0.5,1", "--y", "-1e-3")
    assert answer["z"] == [[-1.25]]


def test_what_is_too_large_is_null_with_a_reason(capsys, tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"w1": 1e308, "b1": 1e308, "w2": 1e308, "b2": 0}')
    options = ["--layers", "1,1,1", "--activation", "identity", "--parameters", str(path)]
    answer = run_json(capsys, "gradient", *options, "--x", "1", "--y", "1", "--of", "w2")
    assert (answer["z"][0], answer["cost"], answer["gradient"]["w1"], answer["sum"]) == ([None], None, None, None)
    assert "too large" in answer["why"]


def test_the_last_weight_is_written_out_unless_another_is_asked_for(capsys, tmp_path):
    names = ["w1.1.1", "w1.2.1", "b1.1", "b1.2"]
    path = tmp_path / "p.json"
    path.write_text(json.dumps(dict.fromkeys(names, 0.5)))
    status, out, _err = run(capsys, "gradient", "--layers", "1,2", "--parameters", str(path), "--x", "1", "--y", "1,0")
    assert status == 0
    assert "∂J/∂w1.2.1" in out


@pytest.mark.parametrize("style", ["json", "csv"])
def test_a_start_without_a_cost_is_told(capsys, style):
    options = ["--layers", "1,1", "--activation", "identity", "--cost", "cross-entropy", "--data", "line"]
    status, out, err = run(capsys, "train", *options, "--rate", "1", "--steps", "3", "--format", style)
    assert status == 0
    assert "nan" not in out
    if style == "json":
        answer = json.loads(out)
        assert answer["history"][0]["cost"] is None
        assert "between 0 and 1" in answer["history"][0]["why"]
        assert "cannot start" in answer["stopped"]
    else:
        assert "cannot start" in err


def test_train_repeats_itself_and_lowers_the_cost(capsys):
    arguments = ["train", "--layers", "2,3,1", "--data", "xor", "--seed", "3", "--rate", "0.5", "--steps", "20"]
    first, again = run_json(capsys, *arguments), run_json(capsys, *arguments)
    assert first == again
    assert [row["step"] for row in first["history"]] == list(range(21))
    assert first["history"][-1]["cost"] < first["history"][0]["cost"]
    assert first["stopped"] is None
    for before, after in zip(first["history"], first["history"][1:], strict=False):
        for name in first["parameters"]:
            expected = before["parameters"][name] - 0.5 * before["gradient"][name]
            assert after["parameters"][name] == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_train_writes_csv_that_reads_back(capsys):
    status, out, _err = run(capsys, "train", "--layers", "1,1,1", "--data", "lesson", "--rate", "1", "--steps", "3")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert [row["step"] for row in rows] == ["0", "1", "2", "3"]
    assert float(rows[1]["w2"]) == pytest.approx(float(rows[0]["w2"]) - float(rows[0]["dJ/dw2"]), rel=1e-12)


def test_divergence_is_told_in_a_sentence(capsys):
    answer = run_json(
        capsys,
        "train",
        "--layers",
        "1,1",
        "--activation",
        "identity",
        "--data",
        "line",
        "--rate",
        "1e6",
        "--steps",
        "500",
    )
    assert "diverged at step" in answer["stopped"]
    assert all(math.isfinite(row["cost"]) for row in answer["history"])


def test_the_command_never_imports_qt():
    code = (
        "import sys; from chainrule_gui.cli import main\n"
        "main(['derive', 'log(2+cos(x))', '--at', 'x=1', '--format', 'json'])\n"
        "sys.exit(any(name.startswith(('PySide6', 'pyqtgraph', 'sympy')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


COMMAND = [sys.executable, "-c", "import sys; from chainrule_gui.cli import main; sys.exit(main())"]
LONG = ["train", "--layers", "1,1,1", "--data", "line", "--rate", "1", "--steps", "3000"]


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is another error there")
def test_a_reader_that_has_seen_enough_is_no_fault():
    with subprocess.Popen([*COMMAND, *LONG], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_is_told():
    with open("/dev/full", "w") as full:
        ended = subprocess.run([*COMMAND, "derive", "x"], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert ended.returncode == 2
    assert b"could not be written" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_a_frozen_copy_that_was_started_for_bounded_work_does_that(capsys, monkeypatch):
    called = []
    monkeypatch.setattr("multiprocessing.freeze_support", lambda: called.append(True))
    assert run(capsys, "derive", "x^2")[0] == 0
    assert not called  # an import that costs, for nothing
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    run(capsys, "derive", "x^2")
    assert called
