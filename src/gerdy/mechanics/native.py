"""MuJoCo's stages called from kernels: by address where kernels are compiled, through its bindings where they are not.

Addresses travel as plain integers, so that compiled kernels can be kept on disk between runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import mujoco
import numpy as np
from numpy.typing import NDArray

from gerdy.mechanics.compiling import COMPILING, compiled_within

Array = NDArray[np.float64]

STAGES = ("mj_kinematics", "mj_comPos", "mj_tendon", "mj_comVel", "mj_rne")


class Engine(NamedTuple):
    """One MuJoCo model and its state: addresses of both and of the stages, or the objects themselves."""

    model: Any
    data: Any
    kinematics: Any
    centres: Any
    tendons: Any
    velocities: Any
    inverse: Any


class Views(NamedTuple):
    """Arrays of the state that kernels read and write; they share MuJoCo's memory."""

    qpos: Array
    qvel: Array
    qacc: Array
    length: Array
    jacobian: Array
    body: Array  # (body, 3)
    turn: Array  # (body, 9)
    site: Array  # (site, 3)
    anchor: Array  # (freedom, 3)
    axis: Array  # (freedom, 3)
    path_object: Any  # (wrap points, 2) ids, -1 for a site, -2 for a pulley
    path_point: Array  # (wrap points, 6)
    path_start: Any  # (tendon,)
    path_count: Any


def engine_of(mj: Any, data: Any) -> Engine:
    """Return the engine for a model and one state of it; every thread needs a state of its own."""
    if not COMPILING:
        return Engine(mj, data, *(getattr(mujoco, name) for name in STAGES))
    library = _library()
    return Engine(mj._address, data._address, *(library[name] for name in STAGES))


def views_of(data: Any) -> Views:
    """Return the arrays of a state."""
    return Views(
        qpos=data.qpos,
        qvel=data.qvel,
        qacc=data.qacc,
        length=data.ten_length,
        jacobian=data.ten_J.ravel(),
        body=data.xpos,
        turn=data.xmat.reshape(-1, 9),
        site=data.site_xpos,
        anchor=data.xanchor,
        axis=data.xaxis,
        path_object=data.wrap_obj.reshape(-1),
        path_point=data.wrap_xpos.reshape(-1),
        path_start=data.ten_wrapadr,
        path_count=data.ten_wrapnum,
    )


def _library() -> dict[str, int]:
    import ctypes  # noqa: PLC0415 (only compiled kernels need it)

    folder = Path(mujoco.__file__).parent
    for pattern in ("libmujoco.so*", "libmujoco*.dylib", "mujoco.dll"):
        for file in sorted(folder.glob(pattern)):
            library = ctypes.CDLL(str(file))
            return {
                name: int(ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0) for name in STAGES
            }
    raise ImportError(f"no MuJoCo library in {folder}; set GERDY_PATH=python to do without compiled kernels.")


if COMPILING:
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    def _address_call(builder: Any, arguments: Any, kinds: list[Any]) -> None:
        wide = ir.IntType(64)
        shape = ir.FunctionType(ir.VoidType(), kinds)
        target = builder.inttoptr(arguments[0], shape.as_pointer())
        given = [
            builder.trunc(argument, kind) if kind.width < wide.width else argument
            for argument, kind in zip(arguments[1:], kinds, strict=True)
        ]
        builder.call(target, given)

    @intrinsic  # type: ignore[untyped-decorator]
    def _call_stage(_typing: Any, _function: Any, _model: Any, _data: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            _address_call(builder, arguments, [ir.IntType(64)] * 2)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, types.int64), generate

    @intrinsic  # type: ignore[untyped-decorator]
    def _call_inverse(_typing: Any, _function: Any, _model: Any, _data: Any, _flag: Any, _result: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            wide = ir.IntType(64)
            _address_call(builder, arguments, [wide, wide, ir.IntType(32), wide])
            return context.get_dummy_value()

        return types.void(*[types.int64] * 5), generate

    @compiled_within
    def stage(function: Any, engine: Engine) -> None:
        """Run one stage."""
        _call_stage(function, engine.model, engine.data)

    @compiled_within
    def inverse(engine: Engine, result: Array) -> None:
        """Fill ``result`` (nv,) with the generalised force that the state's motion takes: recursive Newton-Euler."""
        _call_inverse(engine.inverse, engine.model, engine.data, 1, result.ctypes.data)

else:

    def stage(function: Any, engine: Engine) -> None:
        """Run one stage."""
        function(engine.model, engine.data)

    def inverse(engine: Engine, result: Array) -> None:
        """Fill ``result`` (nv,) with the generalised force that the state's motion takes: recursive Newton-Euler."""
        engine.inverse(engine.model, engine.data, 1, result)
