from osp_simulator.cli import main

raise SystemExit(main())
