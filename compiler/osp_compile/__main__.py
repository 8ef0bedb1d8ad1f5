"""`python -m osp_compile`."""

from osp_compile.cli import main

if __name__ == "__main__":
    main()
