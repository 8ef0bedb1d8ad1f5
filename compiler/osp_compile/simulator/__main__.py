from osp_compile.simulator.cli import main

raise SystemExit(main())
