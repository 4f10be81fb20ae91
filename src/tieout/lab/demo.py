"""`tieout demo`: the example company, reconciled end to end.

The files lie in examples/company of a checkout and travel with an installed tieout beside this module.
"""

from pathlib import Path

from tieout.app import reconcile, require_replaceable, write
from tieout.domain.results import Result
from tieout.kernel.errors import Missing

# Easy to find; the next run replaces it.
RESULT_FOLDER = "tieout-demo"

_INSTALLED = Path(__file__).with_name("company")
_CHECKOUT = Path(__file__).parents[3] / "examples" / "company"


def company_folder() -> Path:
    """Where the files of the example company lie. Raises Missing."""
    for folder in (_INSTALLED, _CHECKOUT):
        if (folder / "books").is_dir():
            return folder
    raise Missing("the example company", "it comes with every installation of tieout; install it again")


def reconcile_company(folder: str = RESULT_FOLDER) -> Result:
    """Reconcile the company's books with its banks and write every file of the result into `folder`.

    Raises Missing, and Refused where `folder` holds something that is not an earlier result.
    """
    company = company_folder()
    require_replaceable(folder)
    result = reconcile(ledger=_files_in(company / "books"), statement=_files_in(company / "bank"))
    write(result, folder)
    return result


def _files_in(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.iterdir())
