"""HAProxy 1.5's statistics, as its page and as CSV: a frontend, the servers and a backend for each service."""

from __future__ import annotations

from osp_simulator.state.control_plane import Haproxy

STATISTICS = "<html>Statistics Report for HAProxy</html>\n"
UNAUTHORIZED = (
    "<html><body><h1>401 Unauthorized</h1>\n"
    "You need a valid user and password to access this content.\n</body></html>\n"
)
HEADING = (
    "# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,"
    "act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,"
    "check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,"
    "req_rate,req_rate_max,req_tot,cli_abrt,srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,"
    "qtime,ctime,rtime,ttime,\n"
)
FIELDS = 62
STATUS = 17  # the field that says OPEN, UP, DOWN, ...


def as_csv(haproxy: Haproxy) -> str:
    """What `/;csv` answers; a backend is up where one of its servers is, or is not checked."""
    lines = [HEADING]
    for name, servers in haproxy["services"].items():
        up = any(status.startswith(("UP", "no check")) for status in servers.values())
        lines.append(_row(name, "FRONTEND", "OPEN"))
        lines += [_row(name, node, status) for node, status in servers.items()]
        lines.append(_row(name, "BACKEND", "UP" if up else "DOWN"))
    lines.append(_row("haproxy.stats", "FRONTEND", "OPEN"))
    lines.append(_row("haproxy.stats", "BACKEND", "UP"))
    return "".join(lines)


def _row(proxy: str, server: str, status: str) -> str:
    cells = [""] * FIELDS
    cells[0], cells[1], cells[STATUS] = proxy, server, status
    return ",".join(cells) + ",\n"
