package dev.cutout.lab.demo;

import java.io.IOException;

/** What can happen to service B in the show. */
enum Fault {
    DATABASE(
            "B's database goes away",
            "B's database is switched off: B answers every call with an error",
            "B's database is switched on again",
            "while the database was away",
            "after the database came back") {
        @Override
        void strike(InventoryProcess b) throws IOException, InterruptedException {
            b.order(InventoryServer.DATABASE_OFF);
        }

        @Override
        void lift(InventoryProcess b) throws IOException, InterruptedException {
            b.order(InventoryServer.DATABASE_ON);
        }
    },
    HANG(
            "B hangs",
            "a forgotten transaction locks B's table: B takes calls and never answers",
            "the transaction is rolled back, its locks are gone",
            "while B hung",
            "after B hung") {
        @Override
        void strike(InventoryProcess b) throws IOException, InterruptedException {
            b.order(InventoryServer.LOCK);
        }

        @Override
        void lift(InventoryProcess b) throws IOException, InterruptedException {
            b.order(InventoryServer.UNLOCK);
        }
    },
    KILL(
            "B is killed",
            "B's process is destroyed: connections are refused",
            "B's process is started again",
            "while B was dead",
            "after B was killed and started again") {
        @Override
        void strike(InventoryProcess b) throws InterruptedException {
            b.kill();
        }

        @Override
        void lift(InventoryProcess b) throws IOException, InterruptedException {
            b.start();
        }
    };

    /** The title of its scene. */
    final String title;

    /** The sentence when it strikes. */
    final String struck;

    /** The sentence when it is about to end. */
    final String mended;

    /** "while …", for the comparison's lines about the fault itself. */
    final String during;

    /** "after …", for its lines about the recovery. */
    final String after;

    Fault(String title, String struck, String mended, String during, String after) {
        this.title = title;
        this.struck = struck;
        this.mended = mended;
        this.during = during;
        this.after = after;
    }

    /** Returns when the fault is in force. */
    abstract void strike(InventoryProcess b) throws IOException, InterruptedException;

    /** Returns when B is well again. */
    abstract void lift(InventoryProcess b) throws IOException, InterruptedException;
}
