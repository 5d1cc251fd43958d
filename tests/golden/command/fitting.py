def main():
    import sklearn.tree

    return sklearn.tree
